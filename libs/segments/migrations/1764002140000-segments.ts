import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Audiences that were saved. Who belongs to one is asked for each time: no row says so. */
export class Segments1764002140000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'segments', SEGMENTS, { audit: true });
    await q.query('create index segments_by_name on segments (tenant_id, name, id)');
    await q.query('create index segments_by_creation on segments (tenant_id, created_at desc, id desc)');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'segments');
  }
}

const SEGMENTS = `
  id uuid not null, name text not null, description text, condition jsonb not null, created_by uuid not null,
  version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now(),
  constraint segments_name_is_free unique (tenant_id, name)`;
