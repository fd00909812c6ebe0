import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which inquiries were read as one when a response was approved: a merge that is taken back leaves fewer messages, not more. */
export class ResponseConversations1764001200000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table responses add known_conversation uuid[] not null default '{}'`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table responses drop known_conversation');
  }
}
