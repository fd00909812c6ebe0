import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant counts in, how its mails look, and for how long it keeps what is over. */
export class TenantSettings1764002160000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table tenants
      add currency text not null default 'EUR' constraint tenants_currency_is_iso check (currency ~ '^[A-Z]{3}$'),
      add branding jsonb not null default '{}' constraint tenants_branding_is_object check (jsonb_typeof(branding) = 'object'),
      add retention jsonb not null default '{}' constraint tenants_retention_is_object check (jsonb_typeof(retention) = 'object')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table tenants drop column currency, drop column branding, drop column retention');
  }
}
