import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a rule lets go out without approval was approved by nobody, and says by which rule. */
export class ResponseWaivers1764000300010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table responses
      add column waived_by_rule text,
      drop constraint responses_approval_is_whole,
      add constraint responses_approval_is_whole check ((approved_at is null) = (approved_hash is null)
        and (approved_by is null) = (approved_at is null or waived_by_rule is not null)
        and (waived_by_rule is null or approved_at is not null)),
      drop constraint responses_go_out_approved,
      add constraint responses_go_out_approved check (status not in ('approved', 'scheduled', 'held', 'sending', 'sent', 'failed')
        or (approved_at is not null and approved_hash = content_hash))`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table responses
      drop constraint responses_go_out_approved,
      add constraint responses_go_out_approved check (status not in ('approved', 'scheduled', 'held', 'sending', 'sent', 'failed')
        or (approved_by is not null and approved_hash = content_hash)) not valid,
      drop constraint responses_approval_is_whole,
      add constraint responses_approval_is_whole
        check ((approved_by is null) = (approved_at is null) and (approved_by is null) = (approved_hash is null)) not valid,
      drop column waived_by_rule`);
  }
}
