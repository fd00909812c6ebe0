import { dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A task that is about a customer who was merged, also in that moment, is about the survivor: so is what comes again. */
export class TaskLinksFollowMerges1764002130000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(FOLLOW);
    await q.query(`create trigger follow_merge before insert or update of links on tasks for each row
      when (new.links @> '[{"kind": "customers"}]') execute function tasks_follow_merge()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop trigger follow_merge on tasks');
    await dropFunction(q, 'tasks_follow_merge()');
  }
}

// Of two links that lead to one customer by now, the first stays.
const FOLLOW = `create function tasks_follow_merge() returns trigger language plpgsql as $$
begin
  new.links := (
    select jsonb_agg(f.link order by f.place) from (
      select e.link, min(e.place) as place from (
        select place, case when l->>'kind' = 'customers'
          then jsonb_set(l, '{id}', to_jsonb(customers_survivor(new.tenant_id, (l->>'id')::uuid))) else l end as link
        from jsonb_array_elements(new.links) with ordinality as given(l, place)) e
      group by e.link) f);
  return new;
end $$`;
