import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Canned answers, of a team or of everybody. */
export class Macros1764001220000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'macros', MACROS, { audit: true });
    await q.query('create index macros_by_name on macros (tenant_id, name, id)');
    await q.query('create index macros_of_team on macros (tenant_id, team_id) where team_id is not null');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'macros');
  }
}

const MACROS = `
  id uuid not null, name text not null, body text not null, team_id uuid, created_by uuid not null, writers uuid[] not null,
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(), updated_at timestamptz(3) not null default clock_timestamp(),
  constraint macros_name_is_free unique nulls not distinct (tenant_id, team_id, name),
  constraint macros_team foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete cascade`;
