import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a stage asks for beside fields: points that somebody ticks off, and the approval of others. */
export class StageEntry1764002122000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table pipeline_stages add column checklist text[] not null default '{}',
      add column needs_approval boolean not null default false`);
    await q.query(`alter table deals add column checked jsonb not null default '[]', add column approval jsonb,
      add column discount_percent numeric(5, 2) not null default 0
        constraint deals_discount_is_a_percentage check (discount_percent between 0 and 100)`);
    await q.query(`create index deal_moves_by_time on deal_moves (tenant_id, moved_at)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index deal_moves_by_time');
    await q.query('alter table deals drop column checked, drop column approval, drop column discount_percent');
    await q.query('alter table pipeline_stages drop column checklist, drop column needs_approval');
  }
}
