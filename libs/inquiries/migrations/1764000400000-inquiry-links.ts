import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an inquiry has to do with other inquiries and with customers. What it points to exists: one generated column each. */
export class InquiryLinks1764000400000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'inquiry_links', LINKS, { audit: true });
    await q.query(`create unique index inquiry_links_once on inquiry_links
      (tenant_id, kind, target_type, least(inquiry_id, target_id), greatest(inquiry_id, target_id))`);
    await q.query('create index inquiry_links_of_inquiry on inquiry_links (tenant_id, inquiry_id)');
    await q.query(
      'create index inquiry_links_to_inquiry on inquiry_links (tenant_id, target_inquiry_id) where target_inquiry_id is not null',
    );
    await q.query(
      'create index inquiry_links_to_customer on inquiry_links (tenant_id, target_customer_id) where target_customer_id is not null',
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'inquiry_links');
  }
}

const LINKS = `
  id uuid not null, inquiry_id uuid not null,
  kind text not null constraint inquiry_links_kind_is_known check (kind in ('related', 'duplicate', 'follow_up', 'caused_by')),
  target_type text not null constraint inquiry_links_target_is_known check (target_type in ('inquiry', 'customer')),
  target_id uuid not null,
  target_inquiry_id uuid generated always as (case when target_type = 'inquiry' then target_id end) stored,
  target_customer_id uuid generated always as (case when target_type = 'customer' then target_id end) stored,
  created_by uuid not null, created_at timestamptz(3) not null default clock_timestamp(),
  constraint inquiry_links_to_another check (target_id <> inquiry_id),
  constraint inquiry_links_inquiry foreign key (tenant_id, inquiry_id) references inquiries (tenant_id, id) on delete cascade,
  constraint inquiry_links_target_inquiry foreign key (tenant_id, target_inquiry_id) references inquiries (tenant_id, id) on delete cascade,
  constraint inquiry_links_target_customer foreign key (tenant_id, target_customer_id) references customers (tenant_id, id) on delete cascade`;
