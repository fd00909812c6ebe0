import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A request knows everybody whom it waits for by name, at whichever stage, and whose place became whose. */
export class ApprovalRerouting1764000300200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table approval_requests
      add column named uuid[] not null default '{}',
      add column replaced jsonb not null default '[]',
      drop constraint approval_requests_approvers_are_known,
      add constraint approval_requests_approvers_are_known
        check (approver_kind in ('anyone', 'team', 'role', 'users', 'users_or_team'))`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table approval_requests
      drop constraint approval_requests_approvers_are_known,
      add constraint approval_requests_approvers_are_known
        check (approver_kind in ('anyone', 'team', 'role', 'users')) not valid,
      drop column replaced, drop column named`);
  }
}
