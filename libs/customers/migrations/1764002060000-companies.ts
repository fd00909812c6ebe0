import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The companies that customers work for, and as what. */
export class Companies1764002060000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'companies', COMPANIES, { audit: true });
    for (const index of COMPANY_INDEXES) await q.query(index);
    await createTenantTable(q, 'company_contacts', CONTACTS, { audit: true });
    await q.query('create index company_contacts_of_customer on company_contacts (tenant_id, customer_id, created_at)');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'company_contacts', 'companies');
  }
}

const KEPT = `
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()`;

const COMPANIES = `
  id uuid not null, name text not null, domain text,
  created_by uuid not null, deleted_at timestamptz(3), deleted_by uuid,
  ${KEPT},
  constraint companies_trash_is_whole check ((deleted_at is null) = (deleted_by is null))`;

const COMPANY_INDEXES = [
  'create unique index companies_domain_is_free on companies (tenant_id, domain) where deleted_at is null',
  'create index companies_by_name on companies (tenant_id, name, id) where deleted_at is null',
  'create index companies_by_creation on companies (tenant_id, created_at desc, id desc) where deleted_at is null',
  'create index companies_by_update on companies (tenant_id, updated_at desc, id desc) where deleted_at is null',
  'create index companies_in_trash on companies (tenant_id, deleted_at desc, id desc) where deleted_at is not null',
];

const CONTACTS = `
  id uuid not null, company_id uuid not null, customer_id uuid not null, role text not null,
  created_by uuid not null,
  ${KEPT},
  constraint company_contacts_once unique (tenant_id, company_id, customer_id),
  constraint company_contacts_company foreign key (tenant_id, company_id) references companies (tenant_id, id) on delete cascade,
  constraint company_contacts_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade`;
