import { addFieldsColumn, dropFieldsColumn } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant keeps of inquiries besides. */
export class InquiryFields1764002240000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await addFieldsColumn(q, 'inquiries');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFieldsColumn(q, 'inquiries');
  }
}
