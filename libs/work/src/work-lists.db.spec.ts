import { signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Database, type ListSpec, type Page, parseListQuery, type RawQuery, runAsSystem } from '@app/platform';
import { anActor, bootSlice, fillWithRows, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RecurrencesService } from './recurrences/recurrences.service.js';
import { MyTaskList, TaskList } from './tasks/tasks.list.js';
import { TasksQueries } from './tasks/tasks.queries.js';
import { aKnownCustomer, workContexts } from './testing.js';
import { WorklogList } from './worklogs/worklogs.list.js';
import { WorklogsQueries } from './worklogs/worklogs.queries.js';

const ROWS = 40_000;
const OF_CLERK = 40;

describe('The lists of 40,000 tasks and as many records of time', () => {
  let slice: Slice;
  let customerId: string;
  const boss = anActor(['tasks:read_all', 'worklogs:read_all', 'customers:read_all']);
  const clerk = anActor(['tasks:read_own', 'worklogs:read_own'], { teams: [newId()] });

  beforeAll(async () => {
    slice = await bootSlice({ contexts: workContexts });
    await signIn(slice, { userId: clerk.id });
    const other = await signIn(slice, { userId: boss.id });
    customerId = await slice.as(boss, () => aKnownCustomer(slice));
    const { superuser } = slice;
    await superuser.query(`set session app.actor_id = '${boss.id}'`);
    for (const table of ['tasks', 'worklogs', 'task_recurrences'])
      await superuser.query(`alter table ${table} disable trigger user`);
    await fillWithRows(superuser, ['task_recurrences'], 20_000, (first, last) =>
      superuser.query(
        `insert into task_recurrences (tenant_id, id, rule, basis, catch_up, zone, starts_on, last_on, next_on, next_due_at, latest_task_id, occurrences, template, created_by)
       select $1, gen_random_uuid(), 'FREQ=WEEKLY', 'due', 'all', 'UTC', '2026-01-01', '2026-01-01', '2030-01-01', timestamptz '2030-01-01Z' + make_interval(hours => n),
         gen_random_uuid(), 1, '{}', $2 from generate_series($3::int, $4::int) n`,
        [TENANT, boss.id, first, last],
      ),
    );
    await fillWithRows(superuser, ['tasks', 'task_assignees'], ROWS, async (first, last) => {
      await superuser.query(
        `insert into tasks (tenant_id, id, title, status, priority, zone, due_at, assignees, created_by, completed_at, created_at)
       select $1, gen_random_uuid(), 'Task ' || n, (array['todo','in_progress','done','review'])[1 + n % 4], 'normal', 'UTC', now() + make_interval(secs => n),
         array[case when n % (${ROWS} / ${OF_CLERK}) = 0 then $2::uuid else $3::uuid end], $3, case when n % 4 = 2 then now() end, now() - make_interval(secs => n)
       from generate_series($4::int, $5::int) n`,
        [TENANT, clerk.id, other.userId, first, last],
      );
      await superuser.query(
        `insert into task_assignees (tenant_id, task_id, assigned_to)
         select tenant_id, id, assignees[1] from tasks where substr(title, 6)::int between $1 and $2`,
        [first, last],
      );
    });
    await fillWithRows(superuser, ['worklogs'], ROWS, (first, last) =>
      superuser.query(
        `insert into worklogs (tenant_id, id, user_id, customer_id, status, started_at, ended_at, minutes, is_billable)
       select $1, gen_random_uuid(), case when n % 5000 = 0 then $2::uuid else $3::uuid end, case when n % 1000 = 0 then $4::uuid end, 'recorded',
         now() - make_interval(mins => n), now() - make_interval(mins => n - 1), 1, true from generate_series($5::int, $6::int) n`,
        [TENANT, clerk.id, other.userId, customerId, first, last],
      ),
    );
  }, 240_000);
  afterAll(() => slice.close());

  /** The plan of the statement that reads the rows, made as the application role and under the tenant's policy. */
  async function planOf(ask: () => Promise<unknown>, actor = boss, reading = 'order by'): Promise<string> {
    const db = slice.get(Database);
    const query = vi.spyOn(db, 'query');
    try {
      return await slice.as(actor, async () => {
        await ask();
        const [text, values] = query.mock.calls.find(([sql]) => sql.includes(reading)) ?? [];
        const plan = await db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
        return plan.map((line) => line['QUERY PLAN']).join('\n');
      });
    } finally {
      query.mockRestore();
    }
  }

  const asked = (raw: RawQuery, spec: ListSpec) => parseListQuery({ count: 'none', cursor: '', ...raw }, spec);
  const tasks = (raw: RawQuery = {}): Promise<Page<object>> => slice.get(TasksQueries).list(asked(raw, TaskList));
  const mine = (): Promise<Page<object>> => slice.get(TasksQueries).mine(asked({}, MyTaskList));
  const worklogs = (raw: RawQuery = {}): Promise<Page<object>> =>
    slice.get(WorklogsQueries).list(asked(raw, WorklogList));

  it.each<[string, RawQuery, string]>([
    ['the newest tasks', {}, 'tasks_by_creation'],
    ['a status', { status: 'review' }, 'tasks_by_status'],
    ['the most urgent', { sort: 'dueAt' }, 'tasks_by_due'],
    ['a person’s', { assignedTo: clerk.id }, 'task_assignees_by_user'],
    ['what is about a record', { linkedTo: `customers:${newId()}` }, 'task_links_'],
  ])('read %s by an index', async (_, raw, index) => {
    const plan = await planOf(() => tasks(raw));
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on (tasks|task_assignees)/);
  });

  it('read one’s own by indexes, as a clerk sees them and as what one has to do', async () => {
    for (const ask of [tasks, mine]) {
      const plan = await planOf(() => ask(), clerk);
      expect(plan).toContain('task_assignees_by_user');
      expect(plan).not.toMatch(/Seq Scan on (tasks|task_assignees)/);
    }
    const page = await slice.as(clerk, () => slice.get(TasksQueries).mine(parseListQuery({}, MyTaskList)));
    expect(page.meta.total).toBe(OF_CLERK);
  });

  it.each<[string, RawQuery, string]>([
    ['the latest time', {}, 'worklogs_by_start'],
    ['the time of somebody', { userId: clerk.id }, 'worklogs_by_user'],
  ])('read %s by an index', async (_, raw, index) => {
    const plan = await planOf(() => worklogs(raw));
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan on worklogs');
  });

  it('read the time of a customer, and one’s own, by an index', async () => {
    const ofCustomer = () => slice.get(WorklogsQueries).listOfCustomer(customerId, asked({}, WorklogList));
    expect(await planOf(ofCustomer)).toContain('worklogs_of_customer');
    expect(await planOf(() => worklogs(), clerk)).toContain('worklogs_by_user');
  });

  it('find what comes this morning among all that comes, by an index', async () => {
    const plan = await runAsSystem(TENANT, 'tests.morning', 'test', () =>
      planOf(() => slice.get(RecurrencesService).spawnDue(), boss, 'next_due_at <'),
    );
    expect(plan).toContain('task_recurrences_due');
    expect(plan).not.toContain('Seq Scan');
  });
});
