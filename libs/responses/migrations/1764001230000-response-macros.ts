import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The canned answer that a response is, word for word; without a key, since the answer outlives what it was written with. */
export class ResponseMacros1764001230000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table responses add macro_id uuid');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table responses drop macro_id');
  }
}
