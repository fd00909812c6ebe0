import type { MigrationInterface, QueryRunner } from 'typeorm';

/** To whom an automatic reply goes: counted, so that two robots do not answer each other for ever. */
export class AutoReplies1764001410000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table messages add column auto_reply_to text');
    await q.query(
      'create index messages_auto_replies on messages (tenant_id, auto_reply_to, created_at) where auto_reply_to is not null',
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table messages drop column if exists auto_reply_to');
  }
}
