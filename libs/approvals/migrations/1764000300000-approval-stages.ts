import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Policies get rules, requests the policy they were asked for under and the stage they are at. What waited before has no
 * policy of its own, and one approval is missing at its one stage.
 */
export class ApprovalStages1764000300000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query("alter table approval_policies add column rules jsonb not null default '[]'");
    await q.query(`alter table approval_requests
      add column policy jsonb,
      add column stages int not null default 1,
      add column missing int not null default 0 constraint approval_requests_missing_counts check (missing >= 0),
      add column approver_kind text not null default 'anyone' constraint approval_requests_approvers_are_known
        check (approver_kind in ('anyone', 'team', 'role', 'users')),
      add column approver_ids uuid[] not null default '{}',
      add column decided uuid[] not null default '{}',
      drop constraint approval_requests_status_is_known,
      add constraint approval_requests_status_is_known
        check (status in ('pending', 'approved', 'rejected', 'recalled', 'superseded', 'waived')),
      add constraint approval_requests_stage_exists check (stage between 1 and stages),
      add constraint approval_requests_approved_by_enough
        check (status <> 'approved' or (stage = stages and missing = 0)),
      add constraint approval_requests_waived_by_a_rule
        check (status <> 'waived' or jsonb_array_length(policy -> 'stages') = 0)`);
    await q.query(`alter table approval_decisions
      drop constraint approval_decisions_one_voice,
      add constraint approval_decisions_one_voice unique (tenant_id, request_id, decided_by)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table approval_decisions
      drop constraint approval_decisions_one_voice,
      add constraint approval_decisions_one_voice unique (tenant_id, request_id, stage, decided_by)`);
    await q.query(`alter table approval_requests
      drop constraint approval_requests_waived_by_a_rule,
      drop constraint approval_requests_approved_by_enough,
      drop constraint approval_requests_stage_exists,
      drop constraint approval_requests_status_is_known,
      add constraint approval_requests_status_is_known
        check (status in ('pending', 'approved', 'rejected', 'recalled', 'superseded')) not valid,
      drop column decided, drop column approver_ids, drop column approver_kind,
      drop column missing, drop column stages, drop column policy`);
    await q.query('alter table approval_policies drop column rules');
  }
}
