import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { statementsSent } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKnownCustomer, workContexts } from '../testing.js';
import { wallTimeAt } from '../wall-time.js';

const EVERYTHING = [
  ...['projects:read_all', 'projects:create', 'projects:update_all', 'customers:read_all'],
  ...['tasks:read_all', 'tasks:create', 'tasks:update_all', 'tasks:delete_all'],
];

describe('Projects over HTTP', () => {
  let slice: Slice;
  let mira: SignedIn;
  let noah: SignedIn;
  let customerId: string;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: workContexts });
    mira = await signIn(slice, { grants: EVERYTHING });
    noah = await signIn(slice, { grants: ['projects:read_own', 'projects:update_own', 'tasks:read_own'] });
    customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
  });
  afterAll(() => slice.close());

  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1${path}`, { token, body });
  const project = async (over: object = {}) => (await call('POST', '/projects', { name: 'Hall', ...over })).body;
  const task = async (projectId: string, over: object = {}) =>
    (await call('POST', '/tasks', { title: 'Measure', projectId, ...over })).body;
  const move = (id: string, status: string, force?: boolean) =>
    call('PUT', `/projects/${id}/status`, { status, force });

  it('are planned, for a customer, within a budget, somebody’s to answer for', async () => {
    const money = { amount: 500_000, currency: 'EUR' };
    const given = { customerId, startsOn: '2026-11-02', dueOn: '2027-03-31', budgetMinutes: 6000, budget: money };
    const { status, body, headers } = await call('POST', '/projects', {
      name: 'Hall',
      ...given,
      members: [noah.userId],
    });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/projects/${body.id}`);
    expect(body).toMatchObject({
      ...{ name: 'Hall', ...given, status: 'planned', rate: null, members: [noah.userId], ownerId: mira.userId },
      ...{ taskCount: 0, doneCount: 0, loggedMinutes: 0, progress: 0, health: 'on_track', version: 1 },
    });
    expect((await call('GET', `/projects/${body.id}`)).body).toEqual(body);
  });

  it.each<[string, object, number, string]>([
    ['no name', { name: '' }, 400, 'validation_failed'],
    ['a status', { status: 'active' }, 400, 'validation_failed'],
    ['money of no currency', { budget: { amount: 5 } }, 400, 'validation_failed'],
    ['money of half a cent', { budget: { amount: 0.5, currency: 'EUR' } }, 400, 'validation_failed'],
    [
      'two currencies',
      { budget: { amount: 5, currency: 'EUR' }, rate: { amount: 5, currency: 'USD' } },
      422,
      'currency_mixed',
    ],
    ['an end before its start', { startsOn: '2027-01-02', dueOn: '2027-01-01' }, 422, 'due_before_start'],
    ['an owner who is not there', { ownerId: newId() }, 422, 'owner_unavailable'],
    ['a member who is not there', { members: [newId()] }, 422, 'member_unavailable'],
    ['a customer who is not there', { customerId: newId() }, 422, 'customer_not_found'],
    ['a team that is not there', { teamId: newId() }, 422, 'team_not_found'],
  ])('take not %s', async (_, over, status, code) => {
    expect(await project(over)).toMatchObject({ status, code });
  });

  it('progress with their tasks, and are at risk when one of those is late', async () => {
    const { id } = await project({ dueOn: '2999-01-01' });
    const [one] = [await task(id), await task(id), await task(id)];
    await call('PUT', `/tasks/${one.id}/status`, { status: 'done' });
    const standing = async () => (await call('GET', `/projects/${id}`)).body;
    expect(await standing()).toMatchObject({ taskCount: 3, doneCount: 1, progress: 33, health: 'on_track' });
    await task(id, { dueOn: '2020-01-01' });
    expect(await standing()).toMatchObject({ progress: 25, lateCount: 1, health: 'at_risk' });
    await call('PATCH', `/projects/${id}`, { dueOn: '2021-01-01' });
    expect(await standing()).toMatchObject({ health: 'late' });
    expect((await call('GET', `/projects/${id}/tasks?status=todo`)).body.meta.total).toBe(3);
  });

  it('are over when their tasks are, unless the rest is called off; nothing in them comes again', async () => {
    const { id } = await project();
    const weekly = await task(id, { dueOn: '2026-11-02', recurrence: { rule: 'FREQ=WEEKLY' } });
    expect((await move(id, 'completed')).body).toMatchObject({ status: 409, code: 'invalid_transition' });
    await move(id, 'active');
    expect((await move(id, 'completed')).body).toMatchObject({ status: 409, code: 'tasks_open', count: 1 });
    expect((await move(id, 'completed', true)).body).toMatchObject({
      status: 'completed',
      closedAt: expect.any(String),
    });
    expect((await call('GET', `/tasks/${weekly.id}`)).body).toMatchObject({
      status: 'cancelled',
      recurrence: { isActive: false, nextOn: null },
    });
    expect((await call('PATCH', `/projects/${id}`, { name: 'x' })).body).toMatchObject({ code: 'project_closed' });
    expect(await task(id)).toMatchObject({ status: 409, code: 'project_closed' });
  });

  it('have nothing to do again once they are over, also when the two come at once', async () => {
    const reopened = (taskId: string) => call('PUT', `/tasks/${taskId}/status`, { status: 'todo' });
    const closed = { status: 409, code: 'project_closed' };
    const { id } = await project();
    await move(id, 'active');
    const [done, put] = [await task(id, { dueOn: '2026-11-02' }), await task(id)];
    await call('PUT', `/tasks/${done.id}/status`, { status: 'done' });
    await call('DELETE', `/tasks/${put.id}`);
    for (let round = 0; round < 10; round++) {
      const other = await project();
      await move(other.id, 'active');
      const { id: taskId } = await task(other.id);
      await call('PUT', `/tasks/${taskId}/status`, { status: 'done' });
      const answers = await Promise.all([move(other.id, 'completed'), reopened(taskId)]);
      expect([
        [200, 409],
        [409, 200],
      ]).toContainEqual(answers.map(({ status }) => status));
    }
    expect((await move(id, 'completed')).status).toBe(200);
    expect((await reopened(done.id)).body).toMatchObject(closed);
    expect((await call('POST', `/tasks/${put.id}/restore`)).body).toMatchObject(closed);
    expect((await call('PUT', `/tasks/${done.id}/recurrence`, { rule: 'FREQ=DAILY' })).body).toMatchObject(closed);
    expect((await call('PATCH', `/tasks/${done.id}`, { projectId: null })).status).toBe(200);
    expect((await reopened(done.id)).body).toMatchObject({ status: 'todo', projectId: null });
  });

  it('are late when their day is over where the tenant is', async () => {
    const zoned = (zone: string) =>
      slice.superuser.query(
        `begin; select set_config('app.actor_id', '${mira.userId}', true); update tenants set zone = '${zone}'; commit`,
      );
    for (const zone of ['Pacific/Kiritimati', 'Etc/GMT+12', 'UTC']) {
      await zoned(zone);
      const today = wallTimeAt(new Date(), zone).date;
      const yesterday = new Date(Date.parse(`${today}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
      expect([(await project({ dueOn: today })).health, (await project({ dueOn: yesterday })).health]).toEqual([
        'on_track',
        'late',
      ]);
    }
  });

  it('get no task while they are closed, however close the two come', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await project();
      await move(id, 'active');
      const [closed, added] = await Promise.all([
        move(id, 'completed'),
        call('POST', '/tasks', { title: 'x', projectId: id }),
      ]);
      expect([
        [200, 409],
        [409, 201],
      ]).toContainEqual([closed.status, added.status]);
      const { rows } = await slice.superuser.query(
        `select 1 from projects p join tasks t on t.project_id = p.id where p.id = $1 and p.status = 'completed' and t.status = 'todo'`,
        [id],
      );
      expect(rows).toEqual([]);
    }
  });

  it('have milestones, which their tasks lead to', async () => {
    const { id } = await project();
    const { body } = await call('POST', `/projects/${id}/milestones`, { name: 'Roof', dueOn: '2027-01-15' });
    const [milestone] = body.milestones as [{ id: string }];
    expect(body.milestones).toEqual([{ id: expect.any(String), name: 'Roof', dueOn: '2027-01-15', isReached: false }]);
    expect(await task(id, { milestoneId: milestone.id })).toMatchObject({ milestoneId: milestone.id });
    expect(await task(id, { milestoneId: newId() })).toMatchObject({ code: 'milestone_not_found' });
    const path = `/projects/${id}/milestones/${milestone.id}`;
    expect((await call('PUT', path, { name: 'Roof', isReached: true })).body.milestones).toMatchObject([
      { isReached: true },
    ]);
    expect((await call('DELETE', path)).body.milestones).toEqual([]);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  it('show themselves and their tasks to their members, who change neither', async () => {
    const { id } = await project();
    const { id: taskId } = await task(id);
    const seen = async () => [
      (await call('GET', `/projects/${id}`, undefined, noah)).status,
      (await call('GET', `/projects/${id}/tasks`, undefined, noah)).body.meta?.total,
      (await call('GET', `/tasks/${taskId}`, undefined, noah)).status,
    ];
    expect(await seen()).toEqual([404, undefined, 404]);
    expect((await call('PUT', `/projects/${id}/members/${noah.userId}`)).body.members).toEqual([noah.userId]);
    expect(await seen()).toEqual([200, 1, 200]);
    expect((await call('PATCH', `/projects/${id}`, { name: 'Mine' }, noah)).status).toBe(404);
    await call('PATCH', `/tasks/${taskId}`, { assignees: [noah.userId] });
    expect((await call('DELETE', `/projects/${id}/members/${noah.userId}`)).body.members).toEqual([]);
    expect(await seen()).toEqual([404, undefined, 200]); // what is theirs to do stays so until somebody else does it
    await call('PATCH', `/tasks/${taskId}`, { assignees: [] });
    expect(await seen()).toEqual([404, undefined, 404]);
    expect((await call('PUT', `/projects/${id}/members/${newId()}`)).body).toMatchObject({
      code: 'member_unavailable',
    });
    const stranger = await signIn(slice, { grants: EVERYTHING, tenantId: OTHER_TENANT });
    expect((await call('GET', `/projects/${id}`, undefined, stranger)).status).toBe(404);
  });

  it('are replaced and patched by whoever saw their current version', async () => {
    const { id } = await project({ description: 'Long', customerId });
    const edit = (method: 'PUT' | 'PATCH', body: object, version: string) =>
      slice.http(method, `/api/v1/projects/${id}`, { token: mira.token, body, headers: { 'if-match': version } });
    expect((await edit('PATCH', { name: 'Short' }, '"1"')).body).toMatchObject({ description: 'Long', version: 2 });
    expect((await edit('PATCH', { name: 'Late' }, '"1"')).body).toMatchObject({ status: 412, current: 2 });
    expect((await edit('PUT', { name: 'Bare' }, '"2"')).body).toMatchObject({
      ...{ name: 'Bare', description: '', customerId: null, ownerId: mira.userId, version: 3 },
    });
  });

  it('are read in as many statements, however many there are', async () => {
    for (let n = 0; n < 5; n++) await project();
    const statementsOf = async (limit: number): Promise<number> => {
      const before = statementsSent();
      await call('GET', `/projects?limit=${limit}`);
      return statementsSent() - before;
    };
    await statementsOf(1);
    expect(await statementsOf(5)).toBe(await statementsOf(1));
  });
});
