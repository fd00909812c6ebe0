import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** With which company a deal is made, and who plays which part in it there. */
export class DealsOfCompanies1764002121000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table deals add column company_id uuid,
      add constraint deals_company foreign key (tenant_id, company_id) references companies (tenant_id, id)
        on delete set null (company_id)`);
    await q.query('create index deals_of_company on deals (tenant_id, company_id, created_at desc, id desc)');
    await createTenantTable(q, 'deal_contacts', CONTACTS, { audit: true });
    await q.query('create index deal_contacts_of_customer on deal_contacts (tenant_id, customer_id, created_at)');
    await q.query(`create trigger follow_merge before insert or update of customer_id on deal_contacts for each row
      execute function customers_follow_merge()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'deal_contacts');
    await q.query('alter table deals drop column company_id');
  }
}

const CONTACTS = `
  id uuid not null, deal_id uuid not null, customer_id uuid not null, role text not null, created_by uuid not null,
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(), updated_at timestamptz(3) not null default clock_timestamp(),
  constraint deal_contacts_once unique (tenant_id, deal_id, customer_id),
  constraint deal_contacts_deal foreign key (tenant_id, deal_id) references deals (tenant_id, id) on delete cascade,
  constraint deal_contacts_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id)`;
