import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What hangs on a customer goes with the customer. */
export class WhatHangsOnCustomers1764002041000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `create trigger hanging after delete on customers for each row execute function forget_record('customers')`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop trigger hanging on customers');
  }
}
