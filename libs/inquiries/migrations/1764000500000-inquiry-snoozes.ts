import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when an inquiry is put off. Spam and a merge keep it, for the way back. */
export class InquirySnoozes1764000500000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table inquiries add snoozed_until timestamptz(3),
      add constraint inquiries_snoozed_is_on_hold check (snoozed_until is null or status in ('on_hold', 'spam', 'merged'))`);
    await q.query(
      'create index inquiries_snoozed on inquiries (tenant_id, snoozed_until, id) where snoozed_until is not null',
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table inquiries drop snoozed_until');
  }
}
