import { dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A task that is linked to a customer who was merged, also in that moment, is linked to the survivor. */
export class TasksFollowMerges1764002120000 implements MigrationInterface {
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

// One link where both were linked. Customers are held in the order of their ids, as whoever merges holds them.
const FOLLOW = `create function tasks_follow_merge() returns trigger language plpgsql as $$
begin
  with linked as (
    select l.link->>'kind' as kind, (l.link->>'id')::uuid as id, l.place
      from jsonb_array_elements(new.links) with ordinality l (link, place) order by 1, 2),
  followed as (
    select kind, case when kind = 'customers' then customers_survivor(new.tenant_id, id) else id end as id, place from linked),
  once as (select kind, id, min(place) as place from followed group by 1, 2)
  select jsonb_agg(jsonb_build_object('kind', kind, 'id', id) order by place) into new.links from once;
  return new;
end $$`;
