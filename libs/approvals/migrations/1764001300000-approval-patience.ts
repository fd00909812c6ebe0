import { dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Requests know since when their stage waits, what was done about it, and who may decide beside those it waits for. What a
 * voice must be, PostgreSQL says too: of somebody else, from a place that has none yet.
 */
export class ApprovalPatience1764001300000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table approval_policies add column patience jsonb');
    await q.query(`alter table approval_requests
      add column relief_users uuid[] not null default '{}',
      add column relief_roles uuid[] not null default '{}',
      add column relief_scope text constraint approval_requests_relief_is_known check (relief_scope in ('team', 'anyone')),
      add column stage_since timestamptz(3) not null default clock_timestamp(),
      add column reminded_at timestamptz(3),
      add column escalated_at timestamptz(3),
      add constraint approval_requests_approved_by_others check (status <> 'approved' or decided_by <> all (excluded)
        or coalesce((policy ->> 'allowSelfApproval')::boolean, true))`);
    await q.query(VOICES);
    await q.query(
      'create trigger voices before insert on approval_decisions for each row execute function approval_decisions_count()',
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'approval_decisions_count()');
    await q.query(`alter table approval_requests
      drop constraint approval_requests_approved_by_others,
      drop column escalated_at, drop column reminded_at, drop column stage_since,
      drop column relief_scope, drop column relief_roles, drop column relief_users`);
    await q.query('alter table approval_policies drop column patience');
  }
}

// The request is held, so that of two voices at once each sees the other.
const VOICES = `create function approval_decisions_count() returns trigger language plpgsql as $$
declare
  asked record;
begin
  select r.excluded, coalesce((r.policy ->> 'allowSelfApproval')::boolean, true) as lets_writers into asked
    from approval_requests r where r.tenant_id = new.tenant_id and r.id = new.request_id for update;
  if new.on_behalf_of = any (asked.excluded) or (new.decided_by = any (asked.excluded) and not asked.lets_writers) then
    raise exception 'Who had a hand in it has no voice' using errcode = '23514', constraint = 'approval_decisions_are_by_others';
  end if;
  if exists (select 1 from approval_decisions d where d.tenant_id = new.tenant_id and d.request_id = new.request_id
      and (d.decided_by = new.on_behalf_of or d.on_behalf_of = new.decided_by)) then
    raise exception 'This place has a voice already' using errcode = '23505', constraint = 'approval_decisions_one_voice_a_place';
  end if;
  return new;
end $$`;
