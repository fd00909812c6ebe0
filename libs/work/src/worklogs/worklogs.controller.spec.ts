import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKnownCustomer, workContexts } from '../testing.js';
import { WorklogsService } from './worklogs.service.js';
import { WorklogsWorker } from './worklogs.worker.js';

const OWN = [
  ...['worklogs:read_own', 'worklogs:create', 'worklogs:update_own'],
  ...['tasks:read_own', 'tasks:create', 'projects:read_own', 'projects:create', 'customers:read_all'],
];
const LEAD = [...OWN, 'worklogs:read_team', 'worklogs:update_team', 'worklogs:approve_team'];
const NOW = new Date('2031-03-03T09:00:00Z');
const MINUTE = 60_000;

describe('Worklogs over HTTP', () => {
  const clock = new FixedClock(NOW);
  let slice: Slice;
  let mira: SignedIn;
  let lead: SignedIn;
  let customerId: string;
  const team = newId();

  beforeAll(async () => {
    slice = await bootSlice({ contexts: workContexts, clock });
    mira = await signIn(slice, { grants: OWN, teams: [team] });
    lead = await signIn(slice, { grants: LEAD, teams: [team] });
    customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
  });
  afterAll(() => slice.close());

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1${path}`, { token, body });
  const record = async (over: object = {}, as = mira) =>
    (await call('POST', '/worklogs', { startedAt: '2031-03-03T07:00:00Z', minutes: 30, ...over }, as)).body;
  const approve = (ids: string[], as = lead) => call('POST', '/worklogs/approve', { ids }, as);

  it('run from their start to their stop, and a minute that was begun counts', async () => {
    const started = await call('POST', '/worklogs/start', { customerId, description: 'Measuring' });
    expect(started.status).toBe(201);
    expect(started.body).toMatchObject({
      ...{ userId: mira.userId, customerId, status: 'running', startedAt: NOW.toISOString() },
      ...{ endedAt: null, minutes: null, isBillable: true, rate: null },
    });
    clock.advance(10 * MINUTE + 1);
    const stopped = await call('POST', '/worklogs/stop', { description: 'Measured' });
    expect(stopped.body).toMatchObject({
      id: started.body.id,
      status: 'recorded',
      minutes: 11,
      description: 'Measured',
    });
    expect((await call('POST', '/worklogs/stop', {})).body).toMatchObject({ status: 409, code: 'no_timer_running' });
    const { rows } = await slice.superuser.query(
      `select type from outbox where payload->>'worklogId' = $1 order by id`,
      [started.body.id],
    );
    expect(rows).toEqual([{ type: 'worklogs.started' }, { type: 'worklogs.recorded' }]);
  });

  it('run one at a time for each person, however many start at once', async () => {
    const people = [await signIn(slice, { grants: OWN }), await signIn(slice, { grants: OWN })];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => call('POST', '/worklogs/start', {}, people[n % 2])),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    for (const { body } of answers.filter(({ status }) => status !== 201))
      expect(body).toMatchObject({ status: 409, code: 'timer_running' });
    const stops = await Promise.all(
      Array.from({ length: 10 }, (_, n) => call('POST', '/worklogs/stop', {}, people[n % 2])),
    );
    expect(stops.filter(({ status }) => status === 200)).toHaveLength(2);
  });

  it('are for the project and customer of their task, at the rate of that time', async () => {
    const rate = { amount: 9000, currency: 'EUR' };
    const { body: project } = await call('POST', '/projects', { name: 'Hall', customerId, rate });
    const { body: task } = await call('POST', '/tasks', { title: 'Measure', projectId: project.id });
    const worklog = await record({ taskId: task.id });
    expect(worklog).toMatchObject({ taskId: task.id, projectId: project.id, customerId, rate, minutes: 30 });
    await slice.superuser.query(`begin; select set_config('app.actor_id', '${mira.userId}', true)`);
    await slice.superuser.query('update projects set rate_amount = 1 where id = $1', [project.id]);
    await slice.superuser.query('commit');
    expect((await call('GET', `/worklogs/${worklog.id}`)).body.rate).toEqual(rate);
    const { body: list } = await call('GET', `/customers/${customerId}/worklogs?projectId=${project.id}`);
    expect(list.data).toMatchObject([{ id: worklog.id, customerId }]);
    expect((await call('GET', `/projects/${project.id}`)).body).toMatchObject({ loggedMinutes: 30 });
    const { body: told } = await call('GET', `/customers/${customerId}/timeline?kind=worklogs.recorded`);
    expect(told.data).toContainEqual(expect.objectContaining({ id: worklog.id, title: 'Worked 30 minutes' }));
  });

  it('warn of time that lies in each other', async () => {
    const first = await record({ startedAt: '2031-03-02T07:00:00Z', minutes: 60 });
    const second = await record({ startedAt: '2031-03-02T07:59:00Z', minutes: 60 });
    const next = await record({ startedAt: '2031-03-02T08:59:00Z', minutes: 5 });
    expect([first.overlaps, second.overlaps, next.overlaps]).toEqual([[], [first.id], []]);
  });

  it.each<[string, object, number, string]>([
    ['of no minutes', { minutes: 0 }, 400, 'validation_failed'],
    ['of more than a day', { minutes: 1441 }, 400, 'validation_failed'],
    ['of half a minute', { minutes: 0.5 }, 400, 'validation_failed'],
    ['that end in the future', { startedAt: '2031-03-03T09:05:00Z' }, 400, 'work_in_future'],
    ['at a rate of one’s own', { rate: { amount: 1, currency: 'EUR' } }, 400, 'validation_failed'],
    ['on a task that is not there', { taskId: newId() }, 422, 'worked_on_not_found'],
    ['on a project that is not there', { projectId: newId() }, 422, 'worked_on_not_found'],
    ['for a customer who is not there', { customerId: newId() }, 422, 'worked_on_not_found'],
  ])('take none %s', async (_, over, status, code) => {
    expect(await record(over)).toMatchObject({ status, code });
  });

  it('are corrected by whose they are, within a month', async () => {
    const { id } = await record();
    const correct = (body: object, as = mira) => call('PATCH', `/worklogs/${id}`, body, as);
    expect((await correct({ minutes: 45, isBillable: false })).body).toMatchObject({
      ...{ minutes: 45, isBillable: false, endedAt: '2031-03-03T07:45:00.000Z', version: 2 },
    });
    expect((await correct({ minutes: 45, isBillable: false })).body).toMatchObject({ version: 2 });
    expect((await correct({ minutes: 600 })).body).toMatchObject({ code: 'work_in_future' });
    const old = await record({ startedAt: '2031-01-03T07:00:00Z' });
    expect((await call('PATCH', `/worklogs/${old.id}`, { minutes: 5 })).body).toMatchObject({
      ...{ status: 423, code: 'worklog_too_old' },
    });
    expect((await call('PATCH', `/worklogs/${old.id}`, { minutes: 5 }, lead)).status).toBe(200);
    expect((await call('DELETE', `/worklogs/${id}`)).status).toBe(204);
    expect((await call('GET', `/worklogs/${id}`)).status).toBe(404);
  });

  it('are corrected in their words as soon as the timer stopped, whatever else is said again', async () => {
    await call('POST', '/worklogs/start', {});
    clock.advance(10_000);
    const { body } = await call('POST', '/worklogs/stop', {});
    const { id, startedAt, minutes } = body;
    const corrected = await call('PATCH', `/worklogs/${id}`, { description: 'Called', startedAt, minutes });
    expect(corrected.body).toMatchObject({ description: 'Called', minutes: 1, endedAt: body.endedAt });
  });

  it('run over midnight and over a change of the clocks for as long as it took', async () => {
    const night = await record({ startedAt: '2030-10-27T00:30:00+02:00', minutes: 180 });
    expect(night).toMatchObject({ minutes: 180, endedAt: '2030-10-27T01:30:00.000Z' }); // 02:30 in Berlin, the second one
  });

  it('end when their person was deactivated, however late that is heard of', async () => {
    const leaver = await signIn(slice, { grants: OWN });
    const { body } = await call('POST', '/worklogs/start', {}, leaver);
    const startedAt = clock.now();
    const occurredAt = new Date(startedAt.getTime() + 20 * MINUTE);
    clock.advance(3 * 24 * 60 * MINUTE);
    await slice.as(lead.actor, () =>
      new WorklogsWorker(slice.get(WorklogsService)).stopTimerOf(leaver, { occurredAt }),
    );
    clock.set(startedAt);
    expect((await call('GET', `/worklogs/${body.id}`, undefined, leaver)).body).toMatchObject({
      ...{ status: 'recorded', minutes: 20, endedAt: occurredAt.toISOString() },
    });
  });

  it('are locked once somebody else approved them, and open again when that is taken back', async () => {
    const [one, two] = [await record(), await record()];
    expect((await approve([one.id, two.id, one.id])).body).toEqual({ ids: [one.id, two.id].sort() });
    const locked = { status: 423, code: 'worklog_locked' };
    for (const as of [mira, lead]) {
      expect((await call('PATCH', `/worklogs/${one.id}`, { minutes: 5 }, as)).body).toMatchObject(locked);
      expect((await call('DELETE', `/worklogs/${one.id}`, undefined, as)).body).toMatchObject(locked);
    }
    expect((await call('GET', `/worklogs/${one.id}`)).body).toMatchObject({
      status: 'approved',
      approvedBy: lead.userId,
    });
    expect((await call('POST', `/worklogs/${one.id}/reopen`, {}, lead)).body).toMatchObject({ status: 'recorded' });
    expect((await call('POST', `/worklogs/${one.id}/reopen`, {}, lead)).body).toMatchObject({
      code: 'invalid_transition',
    });
    expect((await call('PATCH', `/worklogs/${one.id}`, { minutes: 5 })).status).toBe(200);
  });

  it('are corrected or approved, never both, when the two come at once', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await record();
      const [corrected, approved] = await Promise.all([
        call('PATCH', `/worklogs/${id}`, { minutes: 5 }),
        approve([id]),
      ]);
      expect(approved.status).toBe(200);
      const { minutes, status } = (await call('GET', `/worklogs/${id}`)).body;
      expect({ minutes, status }).toEqual({ minutes: corrected.status === 200 ? 5 : 30, status: 'approved' });
    }
  });

  it('are approved by nobody for themselves, all of them or none', async () => {
    const [theirs, own] = [await record(), await record({}, lead)];
    expect((await approve([theirs.id, own.id])).body).toMatchObject({ status: 403, code: 'own_worklog' });
    const nowhere = await approve([theirs.id, newId()]);
    expect(nowhere.body).toMatchObject({ status: 422, code: 'worklog_not_found' });
    expect((await approve([])).status).toBe(400);
    const { body: running } = await call('POST', '/worklogs/start', {});
    expect((await approve([theirs.id, running.id])).body).toMatchObject({ status: 409, code: 'worklog_running' });
    expect((await call('POST', `/worklogs/${running.id}/reopen`, {}, lead)).body).toMatchObject({
      code: 'worklog_running',
    });
    await call('POST', '/worklogs/stop', {});
    expect((await call('GET', `/worklogs/${theirs.id}`)).body.status).toBe('recorded');
  });

  it('are seen by whose they are and by their team, not beyond', async () => {
    const { id } = await record();
    const outsider = await signIn(slice, { grants: LEAD, teams: [newId()] });
    const stranger = await signIn(slice, {
      grants: ['worklogs:read_all', 'worklogs:approve_all'],
      tenantId: OTHER_TENANT,
    });
    const seen = async (as: SignedIn) => (await call('GET', `/worklogs/${id}`, undefined, as)).status;
    expect([await seen(mira), await seen(lead), await seen(outsider), await seen(stranger)]).toEqual([
      200, 200, 404, 404,
    ]);
    for (const as of [outsider, stranger])
      expect((await approve([id], as)).body).toMatchObject({ status: 422, code: 'worklog_not_found' });
    expect((await approve([id], mira)).status).toBe(403);
    const mine = (await call('GET', `/worklogs?userId=${mira.userId}`, undefined, outsider)).body;
    expect(mine.data).toEqual([]);
  });
});
