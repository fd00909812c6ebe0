import { createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Projects, and who is in them. */
export class Projects1764002020000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'projects', PROJECTS, { audit: true });
    for (const index of INDEXES) await q.query(index);
    const because = 'it follows from projects.members, which is audited';
    await createTenantTable(q, 'project_members', MEMBERS, { audit: false, because });
    await q.query('create index project_members_by_user on project_members (tenant_id, user_id, project_id)');
    await q.query(REFLECT);
    await q.query(`create trigger members after insert or update of members on projects
      for each row execute function projects_reflect_members()`);
    await q.query(OWNER_IS_ACTIVE);
    await q.query(`create trigger owner_is_active before insert or update of owner_id on projects
      for each row execute function projects_refuse_inactive_owner()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'project_members', 'projects');
    await dropFunction(q, 'projects_reflect_members()');
    await dropFunction(q, 'projects_refuse_inactive_owner()');
  }
}

const PROJECTS = `
  id uuid not null, name text not null, description text not null default '',
  customer_id uuid,
  status text not null constraint projects_status_is_known
    check (status in ('planned', 'active', 'on_hold', 'completed', 'cancelled')),
  starts_on date, due_on date,
  budget_minutes int constraint projects_budget_is_some check (budget_minutes > 0),
  budget_amount bigint, rate_amount bigint, currency text,
  milestones jsonb not null default '[]', members uuid[] not null default '{}',
  team_id uuid, owner_id uuid not null, created_by uuid not null,
  closed_at timestamptz(3),
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  constraint projects_money_has_currency check ((budget_amount is null and rate_amount is null) or currency is not null),
  constraint projects_end_after_start check (due_on >= starts_on),
  constraint projects_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint projects_team_exists foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete set null (team_id),
  constraint projects_owner_exists foreign key (tenant_id, owner_id) references users (tenant_id, id)`;

const INDEXES = [
  'create index projects_by_creation on projects (tenant_id, created_at desc, id desc)',
  'create index projects_by_status on projects (tenant_id, status, created_at desc, id desc)',
  'create index projects_by_due on projects (tenant_id, due_on, id)',
  'create index projects_by_owner on projects (tenant_id, owner_id, created_at desc, id desc)',
  'create index projects_by_creator on projects (tenant_id, created_by, created_at desc, id desc)',
  'create index projects_by_team on projects (tenant_id, team_id, created_at desc, id desc)',
  'create index projects_of_customer on projects (tenant_id, customer_id, created_at desc, id desc)',
];

const MEMBERS = `
  project_id uuid not null, user_id uuid not null,
  primary key (tenant_id, project_id, user_id),
  constraint project_members_project foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  constraint project_members_exist foreign key (tenant_id, user_id) references users (tenant_id, id)`;

// The project's row is the truth, and its version covers it; these rows let keys and indexes say who is in which.
const REFLECT = `create function projects_reflect_members() returns trigger language plpgsql as $$
begin
  delete from project_members m where m.tenant_id = new.tenant_id and m.project_id = new.id and m.user_id <> all (new.members);
  insert into project_members (tenant_id, project_id, user_id)
    select new.tenant_id, new.id, u from unnest(new.members) u order by u on conflict do nothing;
  return null;
end $$`;

// As refuse_inactive_assignee, for a column of another name.
const OWNER_IS_ACTIVE = `create function projects_refuse_inactive_owner() returns trigger language plpgsql as $$
declare is_active boolean;
begin
  if tg_op = 'UPDATE' and new.owner_id = old.owner_id then return new; end if;
  select u.status = 'active' into is_active from users u where u.tenant_id = new.tenant_id and u.id = new.owner_id for share;
  if is_active is false then
    raise exception 'the owner may not come in' using errcode = '23503', constraint = 'projects_owner_exists';
  end if;
  return new;
end $$`;
