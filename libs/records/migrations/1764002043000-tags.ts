import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forgetFrom } from './forgetting.js';

/** The words of a tenant, and the records that they stand on. */
export class Tags1764002043000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'tags', TAGS, { audit: true });
    await q.query('create unique index tags_name_is_free on tags (tenant_id, lower(name))');
    await q.query('create index tags_by_name on tags (tenant_id, name, id)');
    await createTenantTable(q, 'record_tags', RECORD_TAGS, { audit: true });
    await q.query('create index record_tags_by_time on record_tags (tenant_id, created_at desc, id desc)');
    await q.query('create index record_tags_of_tag on record_tags (tenant_id, tag_id, record_kind, record_id)');
    await forgetFrom(q, ['notes', 'record_tags']);
  }

  async down(q: QueryRunner): Promise<void> {
    await forgetFrom(q, ['notes']);
    await dropTables(q, 'record_tags', 'tags');
  }
}

const TAGS = `
  id uuid not null, name text not null, created_by uuid not null, version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(), updated_at timestamptz(3) not null default clock_timestamp()`;

const RECORD_TAGS = `
  id uuid not null, tag_id uuid not null, record_kind text not null, record_id uuid not null, created_by uuid not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  constraint record_tags_once unique (tenant_id, record_id, record_kind, tag_id),
  constraint record_tags_tag foreign key (tenant_id, tag_id) references tags (tenant_id, id) on delete cascade`;
