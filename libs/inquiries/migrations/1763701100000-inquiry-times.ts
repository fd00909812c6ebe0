import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An inquiry is made when its row is, not when its transaction began: what that made before, such as its customer, is older. */
export class InquiryTimes1763701100000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table inquiries alter column created_at set default clock_timestamp()');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table inquiries alter column created_at set default now()');
  }
}
