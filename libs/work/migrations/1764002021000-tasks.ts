import { createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tasks with who does them, what they wait for and what they are about, and the rules by which they come again. */
export class Tasks1764002021000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'task_recurrences', RECURRENCES, { audit: true });
    await q.query(
      'create index task_recurrences_due on task_recurrences (tenant_id, next_due_at, id) where next_due_at is not null',
    );
    await q.query('create index task_recurrences_of_project on task_recurrences (tenant_id, project_id)');
    await createTenantTable(q, 'tasks', TASKS, { audit: true });
    for (const index of INDEXES) await q.query(index);
    await this.createReflections(q);
  }

  private async createReflections(q: QueryRunner): Promise<void> {
    const because = (column: string): { audit: false; because: string } => ({
      audit: false,
      because: `it follows from tasks.${column}, which is audited`,
    });
    await createTenantTable(q, 'task_assignees', ASSIGNEES, because('assignees'));
    await q.query('create index task_assignees_by_user on task_assignees (tenant_id, assigned_to, task_id)');
    await q.query(`create trigger assignee_is_active before insert on task_assignees
      for each row execute function refuse_inactive_assignee('task_assignees_exist')`);
    await createTenantTable(q, 'task_dependencies', DEPENDENCIES, because('depends_on'));
    await q.query('create index task_dependencies_of on task_dependencies (tenant_id, depends_on, task_id)');
    await q.query(REFUSE_CYCLE);
    await q.query(`create trigger no_cycle before insert or update on task_dependencies
      for each row execute function task_dependencies_refuse_cycle()`);
    await createTenantTable(q, 'task_links', LINKS, because('links'));
    await q.query('create index task_links_to on task_links (tenant_id, kind, record_id, task_id)');
    await q.query(REFLECT);
    await q.query(`create trigger reflections after insert or update of assignees, depends_on, links on tasks
      for each row execute function tasks_reflect()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'task_links', 'task_dependencies', 'task_assignees', 'tasks', 'task_recurrences');
    await dropFunction(q, 'tasks_reflect()');
    await dropFunction(q, 'task_dependencies_refuse_cycle()');
  }
}

const RECURRENCES = `
  id uuid not null,
  rule text not null,
  basis text not null constraint task_recurrences_basis_is_known check (basis in ('due', 'completion')),
  catch_up text not null constraint task_recurrences_catch_up_is_known check (catch_up in ('all', 'latest')),
  zone text not null, wall_time text, starts_on date not null,
  last_on date not null, next_on date, next_due_at timestamptz(3),
  latest_task_id uuid not null, occurrences int not null,
  template jsonb not null, assignees uuid[] not null default '{}', project_id uuid,
  created_by uuid not null, ended_at timestamptz(3),
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  constraint task_recurrences_next_is_whole check ((next_on is null) = (next_due_at is null)),
  constraint task_recurrences_go_on check (next_on > last_on),
  constraint task_recurrences_end check (ended_at is null or next_on is null),
  constraint task_recurrences_project foreign key (tenant_id, project_id) references projects (tenant_id, id)`;

const TASKS = `
  id uuid not null, title text not null, description text not null default '',
  status text not null constraint tasks_status_is_known
    check (status in ('todo', 'in_progress', 'blocked', 'review', 'done', 'cancelled')),
  blocked_because text,
  priority text not null constraint tasks_priority_is_known check (priority in ('low', 'normal', 'high', 'urgent')),
  due_at timestamptz(3), due_on date, zone text not null,
  project_id uuid, milestone_id uuid, team_id uuid,
  assignees uuid[] not null default '{}', depends_on uuid[] not null default '{}',
  checklist jsonb not null default '[]', links jsonb not null default '[]',
  recurrence_id uuid, occurrence date,
  created_by uuid not null, completed_at timestamptz(3),
  deleted_at timestamptz(3), deleted_by uuid,
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  constraint tasks_block_has_reason check ((status = 'blocked') = (blocked_because is not null)),
  constraint tasks_completion_is_whole check ((status in ('done', 'cancelled')) = (completed_at is not null)),
  constraint tasks_occurrence_is_whole check ((recurrence_id is null) = (occurrence is null)),
  constraint tasks_trash_is_whole check ((deleted_at is null) = (deleted_by is null)),
  constraint tasks_project foreign key (tenant_id, project_id) references projects (tenant_id, id),
  constraint tasks_team_exists foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete set null (team_id),
  constraint tasks_recurrence foreign key (tenant_id, recurrence_id) references task_recurrences (tenant_id, id)`;

const LIVE = 'where deleted_at is null';
const INDEXES = [
  // once, whoever makes it and however often
  'create unique index tasks_occur_once on tasks (tenant_id, recurrence_id, occurrence) where recurrence_id is not null',
  `create index tasks_by_creation on tasks (tenant_id, created_at desc, id desc) ${LIVE}`,
  `create index tasks_by_update on tasks (tenant_id, updated_at desc, id desc) ${LIVE}`,
  `create index tasks_by_due on tasks (tenant_id, due_at, id) ${LIVE}`,
  `create index tasks_by_status on tasks (tenant_id, status, created_at desc, id desc) ${LIVE}`,
  `create index tasks_by_creator on tasks (tenant_id, created_by, created_at desc, id desc) ${LIVE}`,
  `create index tasks_by_team on tasks (tenant_id, team_id, created_at desc, id desc) ${LIVE}`,
  `create index tasks_of_project on tasks (tenant_id, project_id, created_at desc, id desc) ${LIVE}`,
  'create index tasks_in_trash on tasks (tenant_id, deleted_at desc, id desc) where deleted_at is not null',
];

const ASSIGNEES = `
  task_id uuid not null, assigned_to uuid not null,
  primary key (tenant_id, task_id, assigned_to),
  constraint task_assignees_task foreign key (tenant_id, task_id) references tasks (tenant_id, id) on delete cascade,
  constraint task_assignees_exist foreign key (tenant_id, assigned_to) references users (tenant_id, id)`;

const DEPENDENCIES = `
  task_id uuid not null, depends_on uuid not null,
  primary key (tenant_id, task_id, depends_on),
  constraint task_dependencies_task foreign key (tenant_id, task_id) references tasks (tenant_id, id) on delete cascade,
  constraint task_dependencies_exist foreign key (tenant_id, depends_on) references tasks (tenant_id, id)`;

const LINKS = `
  task_id uuid not null, kind text not null, record_id uuid not null,
  primary key (tenant_id, task_id, kind, record_id),
  constraint task_links_task foreign key (tenant_id, task_id) references tasks (tenant_id, id) on delete cascade`;

// One dependency of a tenant is added at a time: two that close a cycle from both its sides would not see each other. What
// was added before is seen, since each statement here looks anew after the wait.
const REFUSE_CYCLE = `create function task_dependencies_refuse_cycle() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('task dependencies ' || new.tenant_id, 0));
  if new.depends_on = new.task_id or exists (
    with recursive waited_for(id) as (
      select d.depends_on from task_dependencies d where d.tenant_id = new.tenant_id and d.task_id = new.depends_on
      union
      select d.depends_on from waited_for w join task_dependencies d on d.tenant_id = new.tenant_id and d.task_id = w.id)
    select from waited_for where id = new.task_id)
  then
    raise exception 'a task would wait for itself' using errcode = '23514', constraint = 'task_dependencies_have_no_cycle';
  end if;
  return new;
end $$`;

// The task's row is the truth, and its version covers it; these rows let keys, triggers and indexes see into it.
const REFLECT = `create function tasks_reflect() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or new.assignees is distinct from old.assignees then
    delete from task_assignees a where a.tenant_id = new.tenant_id and a.task_id = new.id and a.assigned_to <> all (new.assignees);
    insert into task_assignees (tenant_id, task_id, assigned_to)
      select new.tenant_id, new.id, u from unnest(new.assignees) u
      where not exists (select from task_assignees a where a.tenant_id = new.tenant_id and a.task_id = new.id and a.assigned_to = u)
      order by u;
  end if;
  if tg_op = 'INSERT' or new.depends_on is distinct from old.depends_on then
    delete from task_dependencies d where d.tenant_id = new.tenant_id and d.task_id = new.id and d.depends_on <> all (new.depends_on);
    insert into task_dependencies (tenant_id, task_id, depends_on)
      select new.tenant_id, new.id, t from unnest(new.depends_on) t
      where not exists (select from task_dependencies d where d.tenant_id = new.tenant_id and d.task_id = new.id and d.depends_on = t)
      order by t;
  end if;
  if tg_op = 'INSERT' or new.links is distinct from old.links then
    delete from task_links l where l.tenant_id = new.tenant_id and l.task_id = new.id;
    insert into task_links (tenant_id, task_id, kind, record_id)
      select new.tenant_id, new.id, l->>'kind', (l->>'id')::uuid from jsonb_array_elements(new.links) l order by 3, 4;
  end if;
  return null;
end $$`;
