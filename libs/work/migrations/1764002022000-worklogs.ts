import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people worked on, for whom and for how long. */
export class Worklogs1764002022000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'worklogs', WORKLOGS, { audit: true });
    for (const index of INDEXES) await q.query(index);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'worklogs');
  }
}

const WORKLOGS = `
  id uuid not null, user_id uuid not null,
  customer_id uuid, project_id uuid, task_id uuid,
  description text not null default '',
  status text not null constraint worklogs_status_is_known check (status in ('running', 'recorded', 'approved')),
  started_at timestamptz(3) not null, ended_at timestamptz(3),
  minutes int constraint worklogs_last check (minutes > 0),
  is_billable boolean not null, rate_amount bigint, currency text,
  approved_at timestamptz(3), approved_by uuid,
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  constraint worklogs_run_until_they_end check ((status = 'running') = (ended_at is null) and (ended_at is null) = (minutes is null)),
  constraint worklogs_end_after_start check (ended_at >= started_at),
  constraint worklogs_approval_is_whole check ((status = 'approved') = (approved_at is not null) and (approved_at is null) = (approved_by is null)),
  constraint worklogs_rate_has_currency check ((rate_amount is null) = (currency is null)),
  constraint worklogs_user foreign key (tenant_id, user_id) references users (tenant_id, id),
  constraint worklogs_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint worklogs_project foreign key (tenant_id, project_id) references projects (tenant_id, id),
  constraint worklogs_task foreign key (tenant_id, task_id) references tasks (tenant_id, id)`;

const INDEXES = [
  `create unique index worklogs_one_running on worklogs (tenant_id, user_id) where status = 'running'`,
  'create index worklogs_by_start on worklogs (tenant_id, started_at desc, id desc)',
  'create index worklogs_by_user on worklogs (tenant_id, user_id, started_at desc, id desc)',
  'create index worklogs_by_status on worklogs (tenant_id, status, started_at desc, id desc)',
  'create index worklogs_of_customer on worklogs (tenant_id, customer_id, started_at desc, id desc)',
  'create index worklogs_of_project on worklogs (tenant_id, project_id, started_at desc, id desc)',
  'create index worklogs_of_task on worklogs (tenant_id, task_id, started_at desc, id desc)',
];
