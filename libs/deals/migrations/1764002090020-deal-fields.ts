import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant keeps of its deals besides: by the keys of its own fields. */
export class DealFields1764002090020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table deals add column custom_fields jsonb not null default '{}'
      constraint deals_custom_fields_have_keys check (jsonb_typeof(custom_fields) = 'object')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table deals drop column custom_fields');
  }
}
