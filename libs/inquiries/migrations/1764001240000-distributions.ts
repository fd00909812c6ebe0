import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How teams give inquiries to their people, and to whom each was given. */
export class Distributions1764001240000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'distribution_rules', RULES, { audit: true });
    await createTenantTable(q, 'distributions', DISTRIBUTIONS, {
      audit: false,
      because: 'it tells of changes to inquiries, which are audited themselves',
    });
    await q.query('create index distributions_of_inquiry on distributions (tenant_id, inquiry_id, at desc, id desc)');
    await q.query(
      'create index distributions_to_person on distributions (tenant_id, team_id, assigned_to, at desc) where assigned_to is not null',
    );
    await q.query('revoke update, delete on distributions from nexus_app');
    await q.query(`create index inquiries_offered on inquiries (tenant_id, team_id, due_at, created_at, id)
      where assigned_to is null and deleted_at is null and status in ('new', 'open')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index inquiries_offered');
    await dropTables(q, 'distributions', 'distribution_rules');
  }
}

const STRATEGY = `check (strategy in ('round_robin', 'least_loaded'))`;

const RULES = `
  id uuid not null, strategy text not null constraint distribution_rules_strategy_is_known ${STRATEGY},
  capacity int constraint distribution_rules_capacity_is_bounded check (capacity between 0 and 10000),
  needs_skill boolean not null, keeps_hours boolean not null,
  members jsonb not null constraint distribution_rules_members_are_a_list check (jsonb_typeof(members) = 'array'),
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(), updated_at timestamptz(3) not null default clock_timestamp(),
  constraint distribution_rules_team foreign key (tenant_id, id) references teams (tenant_id, id) on delete cascade`;

// The team and whom it was given to may be gone since: what was decided then stays as it was.
const DISTRIBUTIONS = `
  id uuid not null, inquiry_id uuid not null, team_id uuid not null,
  strategy text not null constraint distributions_strategy_is_known ${STRATEGY},
  assigned_to uuid, candidates jsonb not null, at timestamptz(3) not null,
  constraint distributions_inquiry foreign key (tenant_id, inquiry_id) references inquiries (tenant_id, id) on delete cascade`;
