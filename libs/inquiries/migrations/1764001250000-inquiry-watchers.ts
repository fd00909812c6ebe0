import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is told of what happens in an inquiry, beside whoever it is with. */
export class InquiryWatchers1764001250000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'inquiry_watchers', WATCHERS, { audit: true });
    await q.query('create index inquiry_watchers_by_time on inquiry_watchers (tenant_id, inquiry_id, created_at, id)');
    await q.query('create index inquiry_watchers_of_user on inquiry_watchers (tenant_id, user_id)');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'inquiry_watchers');
  }
}

const WATCHERS = `
  id uuid not null, inquiry_id uuid not null, user_id uuid not null, added_by uuid not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  constraint inquiry_watchers_once unique (tenant_id, inquiry_id, user_id),
  constraint inquiry_watchers_inquiry foreign key (tenant_id, inquiry_id) references inquiries (tenant_id, id) on delete cascade,
  constraint inquiry_watchers_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade`;
