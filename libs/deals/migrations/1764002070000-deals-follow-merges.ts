import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A deal with a customer who was merged, also in that moment, is the survivor's. */
export class DealsFollowMerges1764002070000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`create trigger follow_merge before insert or update of customer_id on deals for each row
      when (new.customer_id is not null) execute function customers_follow_merge()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop trigger follow_merge on deals');
  }
}
