import { createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forgetFrom } from './forgetting.js';

/** What people note about a record of any kind. */
export class Notes1764002040000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'notes', NOTES, { audit: true });
    await q.query('create index notes_of_record on notes (tenant_id, record_id, created_at desc, id desc)');
    await q.query('create index notes_by_time on notes (tenant_id, created_at desc, id desc)');
    await q.query('create index notes_of_author on notes (tenant_id, created_by, created_at desc, id desc)');
    await forgetFrom(q, ['notes']);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'notes');
    await dropFunction(q, 'forget_record()');
  }
}

const NOTES = `
  id uuid not null, record_kind text not null, record_id uuid not null, body text not null, created_by uuid not null,
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(), updated_at timestamptz(3) not null default clock_timestamp()`;
