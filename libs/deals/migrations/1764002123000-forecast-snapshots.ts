import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the forecast was on a day, by month, pipeline, owner, team and currency. */
export class ForecastSnapshots1764002123000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    const because = 'a copy of what deals were; nobody changes it';
    await createTenantTable(q, 'forecast_snapshots', SNAPSHOTS, { audit: false, because });
    await q.query('revoke update, delete on forecast_snapshots from nexus_app');
    await q.query('create index forecast_snapshots_by_day on forecast_snapshots (tenant_id, day desc, id desc)');
    await q.query(
      'create index forecast_snapshots_of_month on forecast_snapshots (tenant_id, month, day desc, id desc)',
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'forecast_snapshots');
  }
}

const SNAPSHOTS = `
  id uuid not null default gen_random_uuid(), day date not null, month text not null,
  pipeline_id uuid not null, owner_id uuid, team_id uuid, currency text not null,
  won numeric not null, commit numeric not null, best_case numeric not null, pipeline numeric not null, weighted numeric not null,
  deals int not null, created_at timestamptz(3) not null default clock_timestamp(),
  constraint forecast_snapshots_once_a_day unique nulls not distinct (tenant_id, day, month, pipeline_id, owner_id, team_id, currency)`;
