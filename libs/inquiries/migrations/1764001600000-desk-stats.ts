import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long the oldest inquiry has been nobody's, and how many promises are broken or nearly so. */
export class DeskStats1764001600000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`create index inquiries_nobodys on inquiries ((coalesce(awaits_answer_since, created_at)))
      where assigned_to is null and deleted_at is null and status in ('new', 'open')`);
    await q.query(`create index inquiry_clocks_warned on inquiry_clocks (tenant_id, breached_at)
      where running_since is not null and warned_at is not null`);
    await createDoor(q, 'desk_stats()', DESK_STATS);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'desk_stats()');
    await q.query('drop index inquiry_clocks_warned');
    await q.query('drop index inquiries_nobodys');
  }
}

// Sums over all tenants that work: in one that is held nobody can do anything about them. A breach is told with its warning,
// so the running clocks that were warned are all there is to count. One that stands still, in the trash, among spam or waiting
// for the customer, asks nobody for anything.
const DESK_STATS = `returns table (unassigned_seconds float8, breached bigint, nearly bigint) language sql stable as $$
  with told as (
    select c.breached_at from inquiry_clocks c where c.running_since is not null and c.warned_at is not null
      and not exists (select 1 from tenant_holds h where h.tenant_id = c.tenant_id)),
  oldest as (
    select coalesce(i.awaits_answer_since, i.created_at) as since from inquiries i
    where i.assigned_to is null and i.deleted_at is null and i.status in ('new', 'open')
      and not exists (select 1 from tenant_holds h where h.tenant_id = i.tenant_id)
    order by coalesce(i.awaits_answer_since, i.created_at) limit 1)
  select coalesce((select greatest(0, extract(epoch from clock_timestamp() - since)) from oldest), 0)::float8,
    count(breached_at), count(*) filter (where breached_at is null) from told $$`;
