import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists as people want to see them again, and with which of them each begins. */
export class SavedViews1764002090100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'saved_views', VIEWS, { audit: true });
    await q.query('create index saved_views_by_name on saved_views (tenant_id, is_pinned desc, name, id)');
    await q.query('create index saved_views_of_owner on saved_views (tenant_id, owner_id, id)');
    await createTenantTable(q, 'view_defaults', DEFAULTS, { audit: true });
    await q.query('create index view_defaults_of_view on view_defaults (tenant_id, view_id)');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'view_defaults', 'saved_views');
  }
}

const VIEWS = `
  id uuid not null, resource text not null, name text not null, "where" jsonb not null, sort text, columns jsonb,
  audience text not null constraint saved_views_audience_is_known check (audience in ('private', 'team', 'tenant')),
  team_id uuid, is_pinned boolean not null, owner_id uuid not null, version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(), updated_at timestamptz(3) not null default clock_timestamp(),
  constraint saved_views_team foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete set null (team_id)`;

const DEFAULTS = `
  id uuid not null, user_id uuid not null, resource text not null, view_id uuid not null,
  constraint view_defaults_are_one unique (tenant_id, user_id, resource),
  constraint view_defaults_view foreign key (tenant_id, view_id) references saved_views (tenant_id, id) on delete cascade`;
