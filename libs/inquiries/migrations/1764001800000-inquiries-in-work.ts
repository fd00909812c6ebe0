import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How much somebody has to do is counted for each of a team whenever an inquiry is given to one of them, while the team's
 * next distribution waits: from an index of what is in work, not through all that each has ever had.
 */
export class InquiriesInWork1764001800000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`create index inquiries_in_work on inquiries (tenant_id, assigned_to, status)
      where assigned_to is not null and deleted_at is null and status in ('new', 'open', 'pending_customer', 'on_hold')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index inquiries_in_work');
  }
}
