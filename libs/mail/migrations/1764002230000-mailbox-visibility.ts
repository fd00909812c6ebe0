import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may read what arrives in a mailbox. */
export class MailboxVisibility1764002230000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table mailboxes add message_visibility text not null default 'all'
      constraint mailboxes_visibility_is_known check (message_visibility in ('all', 'team', 'participants'))`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table mailboxes drop message_visibility');
  }
}
