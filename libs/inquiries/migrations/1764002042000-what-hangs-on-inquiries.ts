import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What hangs on an inquiry goes with the inquiry. */
export class WhatHangsOnInquiries1764002042000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `create trigger hanging after delete on inquiries for each row execute function forget_record('inquiries')`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop trigger hanging on inquiries');
  }
}
