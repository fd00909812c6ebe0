import { ensureTenant, type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock } from '@app/kernel';
import { Jobs, runAsSystem, Schedules } from '@app/platform';
import { bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewTask } from '../tasks/task.entity.js';
import { TasksService } from '../tasks/tasks.service.js';
import { workContexts } from '../testing.js';
import type { RecurrenceWish } from './recurrence.entity.js';
import { SpawnOccurrences } from './recurrences.jobs.js';
import { RecurrencesService } from './recurrences.service.js';

const ZONE = 'Europe/Berlin';
const GRANTS = ['tasks:read_all', 'tasks:create', 'tasks:update_all', 'tasks:delete_all'];

/** Two workers, and a clock that is set to what the day of the test is. */
describe('Tasks that come again', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let other: Slice;
  let mira: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: workContexts, app: 'worker', clock });
    await ensureTenant(slice);
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${TENANT}', true); update tenants set zone = '${ZONE}'; commit`,
    );
    mira = await signIn(slice, { grants: GRANTS });
    other = await bootSlice({ contexts: workContexts, app: 'worker', clock, beside: slice });
    for (const one of [slice, other]) await one.get(Schedules).stop(); // the tests say when it is morning
  });
  beforeEach(() => slice.empty('task_recurrences', 'tasks', 'outbox'));
  afterAll(async () => {
    await other?.close();
    await slice.close();
  });

  const recurring = (over: Partial<NewTask>, rule: string, wish: Partial<RecurrenceWish> = {}) =>
    slice.as(mira.actor, () =>
      slice
        .get(TasksService)
        .create({ title: 'Water the plants', ...over }, { rule, basis: 'due', catchUp: 'all', ...wish }),
    );
  const morning = (at: Slice, now?: string): Promise<boolean> => {
    if (now) clock.set(new Date(now));
    return runAsSystem(TENANT, 'tests.morning', 'test', () => at.get(RecurrencesService).spawnDue());
  };
  const made = async (): Promise<{ due: string; status: string }[]> =>
    (
      await slice.superuser.query<{ due_at: Date; status: string }>('select due_at, status from tasks order by due_at')
    ).rows.map(({ due_at: due, status }) => ({ due: due.toISOString(), status }));
  const days = async (): Promise<string[]> => (await made()).map(({ due }) => due);
  const daysOf = async (title: string): Promise<string[]> =>
    (
      await slice.superuser.query<{ day: string }>(
        'select occurrence::text as day from tasks where title = $1 order by 1',
        [title],
      )
    ).rows.map(({ day }) => day);
  const moveTo = (id: string, status: 'done' | 'todo') =>
    slice.as(mira.actor, () => slice.get(TasksService).moveTo(id, status, null));

  it('are made each morning for the day, once each over a clock change, whichever worker looks and however often', async () => {
    clock.set(new Date('2027-03-26T05:00:00Z'));
    await recurring({ dueAt: new Date('2027-03-26T16:00:00Z') }, 'FREQ=DAILY');
    for (const now of ['2027-03-27T05:00:00Z', '2027-03-28T04:00:00Z', '2027-03-29T04:00:00Z']) {
      clock.set(new Date(now));
      await Promise.all([morning(slice), morning(other), morning(slice), morning(other)]);
    }
    expect(await days()).toEqual([
      '2027-03-26T16:00:00.000Z',
      '2027-03-27T16:00:00.000Z',
      '2027-03-28T15:00:00.000Z',
      '2027-03-29T15:00:00.000Z',
    ]);
  });

  it('are made once each by two workers that begin at the same moment, of many', async () => {
    clock.set(new Date('2027-10-30T04:00:00Z'));
    for (let n = 0; n < 45; n++)
      await recurring({ title: `Task ${n}`, dueAt: new Date('2027-10-30T16:00:00Z') }, 'FREQ=DAILY');
    clock.set(new Date('2027-10-31T05:00:00Z')); // after the hour that is there twice
    await runAsSystem(TENANT, 'tests.morning', 'test', async () => {
      for (let twice = 0; twice < 2; twice++)
        await slice.get(Jobs).enqueue(SpawnOccurrences, { scheduledFor: clock.now().toISOString() });
    });
    await slice.settled();
    const { rows } = await slice.superuser.query(
      `select title, count(*)::int as n, count(distinct occurrence)::int as days from tasks group by title having count(*) <> 2 or count(distinct occurrence) <> 2`,
    );
    expect(rows).toEqual([]);
    expect(await made()).toHaveLength(90);
  });

  it('come once even past the code: PostgreSQL knows which day is there', async () => {
    const first = await recurring({ dueOn: '2027-03-26', zone: ZONE }, 'FREQ=DAILY');
    const again = slice.as(mira.actor, () =>
      slice.db.query(
        `insert into tasks (id, title, status, priority, zone, recurrence_id, occurrence, created_by)
         select gen_random_uuid(), title, status, priority, zone, recurrence_id, occurrence, created_by from tasks where id = $1`,
        [first.id],
      ),
    );
    await expect(again).rejects.toMatchObject({ constraint: 'tasks_occur_once' });
  });

  it('make up for a downtime: every one of them, or the latest alone', async () => {
    clock.set(new Date('2027-03-22T06:00:00Z'));
    const dueAt = new Date('2027-03-22T16:00:00Z');
    await recurring({ title: 'all', dueAt }, 'FREQ=DAILY');
    await recurring({ title: 'latest', dueAt }, 'FREQ=DAILY', { catchUp: 'latest' });
    await morning(slice, '2027-03-30T06:30:00Z');
    expect(await daysOf('all')).toEqual(Array.from({ length: 9 }, (_, n) => `2027-03-${22 + n}`));
    expect(await daysOf('latest')).toEqual(['2027-03-22', '2027-03-29', '2027-03-30']);
  });

  it('make up for more than one transaction takes, batch by batch', async () => {
    clock.set(new Date('2027-01-01T06:00:00Z'));
    await recurring({ dueOn: '2027-01-01', zone: ZONE }, 'FREQ=DAILY');
    clock.set(new Date('2027-05-01T06:00:00Z'));
    const occasion = { scheduledFor: clock.now().toISOString() };
    await runAsSystem(TENANT, 'tests.morning', 'test', () => slice.get(Jobs).enqueue(SpawnOccurrences, occasion));
    await slice.settled();
    expect(await days()).toHaveLength(121);
  });

  it('keep to the 31st, to 29 February and to 02:30', async () => {
    clock.set(new Date('2028-01-31T06:00:00Z'));
    await recurring({ title: '31st', dueOn: '2028-01-31', zone: ZONE }, 'FREQ=MONTHLY');
    await recurring({ title: 'leap', dueOn: '2028-02-29', zone: ZONE }, 'FREQ=YEARLY');
    await recurring({ title: 'night', dueAt: new Date('2028-01-31T01:30:00Z'), zone: ZONE }, 'FREQ=DAILY;INTERVAL=55');
    await morning(slice, '2032-03-01T06:00:00Z');
    expect((await daysOf('31st')).slice(0, 4)).toEqual(['2028-01-31', '2028-03-31', '2028-05-31', '2028-07-31']);
    expect(await daysOf('leap')).toEqual(['2028-02-29', '2032-02-29']);
    const nights = (await made()).filter(({ due }) => due.startsWith('2028-03-26')); // the clocks go forward
    expect(nights).toEqual([{ due: '2028-03-26T01:30:00.000Z', status: 'todo' }]);
  });

  it('follow when the last one is done, once, also when that is re-opened', async () => {
    clock.set(new Date('2027-03-22T06:00:00Z'));
    const first = await recurring({ dueAt: new Date('2027-03-22T16:00:00Z') }, 'FREQ=DAILY', { basis: 'completion' });
    await morning(slice, '2027-03-25T05:00:00Z');
    expect(await days()).toHaveLength(1);
    await moveTo(first.id, 'done');
    await slice.settled();
    await moveTo(first.id, 'todo');
    await moveTo(first.id, 'done');
    await slice.settled();
    await morning(other);
    expect(await made()).toEqual([
      { due: '2027-03-22T16:00:00.000Z', status: 'done' },
      { due: '2027-03-23T16:00:00.000Z', status: 'todo' },
    ]);
  });

  it('follow once, also when two do the last one at the same moment', async () => {
    clock.set(new Date('2027-03-22T06:00:00Z'));
    const first = await recurring({ dueAt: new Date('2027-03-22T16:00:00Z') }, 'FREQ=DAILY', { basis: 'completion' });
    await Promise.all(Array.from({ length: 6 }, () => moveTo(first.id, 'done')));
    await slice.settled();
    await Promise.all([morning(slice, '2027-03-23T05:00:00Z'), morning(other)]);
    expect(await days()).toEqual(['2027-03-22T16:00:00.000Z', '2027-03-23T16:00:00.000Z']);
  });

  it('wait for whoever changes the rule in that moment, and come by the new one that morning', async () => {
    clock.set(new Date('2027-03-22T06:00:00Z'));
    await recurring({ dueOn: '2027-03-22', zone: ZONE }, 'FREQ=DAILY');
    const { superuser } = slice;
    await superuser.query(`begin; select set_config('app.actor_id', '${mira.userId}', true)`);
    await superuser.query(`update task_recurrences set template = template || '{"title": "Water the trees"}'`);
    const made = morning(slice, '2027-03-23T05:00:00Z');
    await expect
      .poll(async () => (await superuser.query('select from pg_locks where not granted')).rowCount)
      .toBeGreaterThan(0);
    await superuser.query('commit');
    await made;
    expect(await daysOf('Water the trees')).toEqual(['2027-03-23']);
  });

  it('are given to nobody who left', async () => {
    clock.set(new Date('2027-03-22T06:00:00Z'));
    const lena = await signIn(slice, { grants: GRANTS });
    await recurring({ dueOn: '2027-03-22', assignees: [lena.userId, mira.userId] }, 'FREQ=DAILY');
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${mira.userId}', true); update users set status = 'deactivated' where id = '${lena.userId}'; commit`,
    );
    await morning(slice, '2027-03-23T05:00:00Z');
    const { rows } = await slice.superuser.query('select assignees from tasks order by due_at desc limit 1');
    expect(rows).toEqual([{ assignees: [mira.userId] }]);
  });

  it('are not made in another tenant’s morning', async () => {
    clock.set(new Date('2027-03-22T06:00:00Z'));
    await recurring({ dueOn: '2027-03-22' }, 'FREQ=DAILY');
    clock.set(new Date('2027-03-24T06:00:00Z'));
    const elsewhere = '01920000-0000-7000-8000-00000000000b';
    await runAsSystem(elsewhere, 'tests.morning', 'test', () => slice.get(RecurrencesService).spawnDue());
    expect(await days()).toHaveLength(1);
  });
});

describe('The recurrence of a task over HTTP', () => {
  let slice: Slice;
  let mira: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: workContexts });
    mira = await signIn(slice, { grants: GRANTS });
  });
  afterAll(() => slice.close());

  const call = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
    slice.http(method, `/api/v1/tasks${path}`, { token: mira.token, body });

  it('is said at the start, and told', async () => {
    const rule = { rule: 'FREQ=WEEKLY;BYDAY=MO' };
    const { body } = await call('POST', '', { title: 'Report', dueOn: '2026-11-02', recurrence: rule });
    expect(body).toMatchObject({
      recurrence: { ...rule, basis: 'due', catchUp: 'all', nextOn: '2026-11-09', isActive: true },
      occurrence: '2026-11-02',
    });
    expect((await call('POST', `/${body.id}/recurrence/skip`)).body.recurrence.nextOn).toBe('2026-11-16');
    const changed = await call('PUT', `/${body.id}/recurrence`, { rule: 'FREQ=DAILY;COUNT=1' });
    expect(changed.body.recurrence).toMatchObject({ rule: 'FREQ=DAILY;COUNT=1', nextOn: null, isActive: false });
    const again = await call('PUT', `/${body.id}/recurrence`, { rule: 'FREQ=DAILY', basis: 'completion' });
    expect(again.body.recurrence).toMatchObject({ basis: 'completion', nextOn: null, isActive: true });
    expect((await call('POST', `/${body.id}/recurrence/skip`)).body).toMatchObject({ code: 'nothing_to_skip' });
    expect((await call('DELETE', `/${body.id}/recurrence`)).body.recurrence).toMatchObject({ isActive: false });
  });

  it('waits for the morning of the tenant, also once the tenant lives elsewhere', async () => {
    const boss = await signIn(slice, { grants: ['tenants:manage'] });
    const zoneOf = async (zone: string): Promise<unknown> => {
      const body = { zone };
      expect((await slice.http('PATCH', '/api/v1/tenants/current', { token: boss.token, body })).status).toBe(200);
      const { rows } = await slice.superuser.query(
        `select zone, to_char(next_run_at at time zone zone, 'HH24:MI') as time from schedules where name = 'tasks.spawn-occurrences'`,
      );
      return rows;
    };
    expect(await zoneOf('Asia/Tokyo')).toEqual([{ zone: 'Asia/Tokyo', time: '06:00' }]);
    expect(await zoneOf('America/New_York')).toEqual([{ zone: 'America/New_York', time: '06:00' }]);
  });

  it('is refused where it makes no sense', async () => {
    const given = { title: 'Report', recurrence: { rule: 'FREQ=DAILY' } };
    expect((await call('POST', '', given)).body).toMatchObject({ status: 422, code: 'recurrence_needs_due' });
    const odd = { ...given, dueOn: '2026-11-02', recurrence: { rule: 'FREQ=HOURLY' } };
    expect((await call('POST', '', odd)).body).toMatchObject({ status: 400, code: 'recurrence_rule_invalid' });
    const until = { ...given, dueOn: '2026-11-02', recurrence: { rule: 'FREQ=DAILY;UNTIL=20270230' } };
    expect((await call('POST', '', until)).body).toMatchObject({ status: 400, code: 'recurrence_rule_invalid' });
    const { body } = await call('POST', '', { title: 'Once' });
    expect((await call('DELETE', `/${body.id}/recurrence`)).body).toMatchObject({ status: 409, code: 'not_recurring' });
    expect((await slice.superuser.query('select from task_recurrences')).rowCount).toBe(1);
  });
});
