import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createDoor, createTenantTable, dropFunction, dropTables } from '../src/database/migrating.js';

/** Tenants in which nothing changes for the time being: neither by people nor by the worker. */
export class TenantHolds1764001530000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'tenant_holds', HOLDS, {
      audit: false,
      because: 'it follows from the status of a tenant',
    });
    await createDoor(q, 'tenant_is_held(in_tenant uuid)', IS_HELD);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'tenant_is_held(uuid)');
    await dropTables(q, 'tenant_holds');
  }
}

const HOLDS = 'since timestamptz(3) not null default clock_timestamp(), primary key (tenant_id)';

const IS_HELD = `returns boolean language sql stable as $$
  select exists (select 1 from tenant_holds h where h.tenant_id = in_tenant) $$`;
