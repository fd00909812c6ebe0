import { addFieldsColumn, dropFieldsColumn } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant keeps of tasks and projects besides. */
export class WorkFields1764002240010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await addFieldsColumn(q, 'tasks');
    await addFieldsColumn(q, 'projects');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFieldsColumn(q, 'projects');
    await dropFieldsColumn(q, 'tasks');
  }
}
