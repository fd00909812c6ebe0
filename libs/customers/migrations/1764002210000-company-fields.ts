import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant keeps of companies besides, by the keys of its own fields. */
export class CompanyFields1764002210000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table companies add column custom_fields jsonb not null default '{}'
      constraint companies_custom_fields_have_keys check (jsonb_typeof(custom_fields) = 'object')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table companies drop column custom_fields');
  }
}
