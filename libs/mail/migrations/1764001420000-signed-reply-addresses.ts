import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether answers of a mailbox ask for their replies at an address that names the inquiry. */
export class SignedReplyAddresses1764001420000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table mailboxes add column signs_reply_address boolean not null default false');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table mailboxes drop column if exists signs_reply_address');
  }
}
