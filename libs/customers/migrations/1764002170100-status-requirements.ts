import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant demands of customers who come into a status. */
export class StatusRequirements1764002170100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'customer_status_requirements', REQUIREMENTS, { audit: true });
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'customer_status_requirements');
  }
}

const REQUIREMENTS = `
  id uuid not null,
  rules jsonb not null constraint customer_status_requirements_rules_are_a_list check (jsonb_typeof(rules) = 'array'),
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  constraint customer_status_requirements_are_of_their_tenant check (id = tenant_id)`;
