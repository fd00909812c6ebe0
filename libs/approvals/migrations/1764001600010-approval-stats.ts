import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long the oldest request has been waiting for a decision. */
export class ApprovalStats1764001600010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query("create index approval_requests_by_wait on approval_requests (created_at) where status = 'pending'");
    await createDoor(q, 'approval_stats()', APPROVAL_STATS);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'approval_stats()');
    await q.query('drop index approval_requests_by_wait');
  }
}

// Over all tenants that work: in one that is held nobody can decide.
const APPROVAL_STATS = `returns table (oldest_seconds float8) language sql stable as $$
  select greatest(0, extract(epoch from clock_timestamp() - r.created_at))::float8 from approval_requests r
  where r.status = 'pending' and not exists (select 1 from tenant_holds h where h.tenant_id = r.tenant_id)
  order by r.created_at limit 1 $$`;
