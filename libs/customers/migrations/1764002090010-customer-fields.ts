import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant keeps of its customers besides: by the keys of its own fields. */
export class CustomerFields1764002090010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table customers add column custom_fields jsonb not null default '{}'
      constraint customers_custom_fields_have_keys check (jsonb_typeof(custom_fields) = 'object')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table customers drop column custom_fields');
  }
}
