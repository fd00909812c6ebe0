import type { MigrationInterface, QueryRunner } from 'typeorm';

const FOLLOWING = ['projects', 'worklogs'];

/** What is done for a customer who was merged, also in that moment, is done for the survivor. */
export class WorkFollowsMerges1764002071000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const table of FOLLOWING)
      await q.query(`create trigger follow_merge before insert or update of customer_id on ${table} for each row
      when (new.customer_id is not null) execute function customers_follow_merge()`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of FOLLOWING) await q.query(`drop trigger follow_merge on ${table}`);
  }
}
