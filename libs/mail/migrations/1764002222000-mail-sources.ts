import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A tenant may keep the raw sources of mails for some time only. */
export class MailSources1764002222000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table mails add column source_deleted_at timestamptz(3),
      add constraint mails_keep_their_source_until_read check
        (source_deleted_at is null or state in ('routed', 'ignored', 'duplicate'))`);
    await q.query('create index mails_with_source on mails (tenant_id, received_at) where source_deleted_at is null');
  }

  /** Sources that are gone stay gone; the mails do not tell it any more. */
  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table mails drop column source_deleted_at');
  }
}
