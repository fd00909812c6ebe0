import type { MigrationInterface, QueryRunner } from 'typeorm';

const FOLLOWING = ['responses', 'response_steps'];

/** What is written for a customer who was merged, also in that moment, is the survivor's. Of a step nothing else changes. */
export class ResponsesFollowMerges1764002065000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const table of FOLLOWING)
      await q.query(`create trigger follow_merge before insert or update of customer_id on ${table} for each row
        execute function customers_follow_merge()`);
    await q.query('grant update (customer_id) on response_steps to nexus_app');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('revoke update (customer_id) on response_steps from nexus_app');
    for (const table of FOLLOWING) await q.query(`drop trigger follow_merge on ${table}`);
  }
}
