import type { MigrationInterface, QueryRunner } from 'typeorm';

/** None becomes the work of somebody whose account is closed, however close the two come. */
export class InquiriesOfTheActive1764001520000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`create trigger assignee_is_active before insert or update of assigned_to on inquiries for each row
      when (new.assigned_to is not null) execute function refuse_inactive_assignee('inquiries_assignee')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop trigger assignee_is_active on inquiries');
  }
}
