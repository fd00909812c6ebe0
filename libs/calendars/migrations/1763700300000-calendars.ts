import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Calendars1763700300000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'business_calendars', BUSINESS_CALENDARS, { audit: true });
    await q.query(
      'create unique index business_calendars_name_is_free on business_calendars (tenant_id, (lower(name) collate "C"))',
    );
    await q.query(
      'create unique index business_calendars_one_default on business_calendars (tenant_id) where is_default',
    );
    await createTenantTable(q, 'team_calendars', TEAM_CALENDARS, { audit: true, idColumn: 'team_id' });
    await q.query('create index team_calendars_of_calendar on team_calendars (tenant_id, calendar_id)');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'team_calendars', 'business_calendars');
  }
}

const BUSINESS_CALENDARS = `
  id uuid not null,
  name text not null constraint business_calendars_name_is_given check (length(name) between 1 and 100),
  zone text not null, week jsonb not null, holidays jsonb not null default '[]',
  is_default boolean not null default false,
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()`;

// Teams belong to a context below this one, so their ids are kept without a foreign key.
const TEAM_CALENDARS = `
  team_id uuid not null, calendar_id uuid not null,
  primary key (tenant_id, team_id),
  constraint team_calendars_calendar foreign key (tenant_id, calendar_id) references business_calendars (tenant_id, id)`;
