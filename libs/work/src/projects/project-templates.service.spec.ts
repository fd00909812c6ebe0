import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKnownCustomer, workContexts } from '../testing.js';

const GRANTS = [
  ...['projects:read_all', 'projects:create', 'projects:update_all', 'customers:read_all'],
  ...['tasks:read_all', 'tasks:create', 'tasks:update_all', 'tasks:delete_all'],
];

describe('A project that is made after another', () => {
  let slice: Slice;
  let mira: SignedIn;
  let leaver: SignedIn;
  let customerId: string;
  let template: { id: string; milestones: { id: string }[] };

  beforeAll(async () => {
    slice = await bootSlice({ contexts: workContexts });
    mira = await signIn(slice, { grants: GRANTS });
    leaver = await signIn(slice);
    customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
    const rate = { amount: 9000, currency: 'EUR' };
    const given = {
      name: 'Fair',
      description: 'Once a year',
      startsOn: '2027-03-01',
      dueOn: '2027-04-30',
      rate,
      customerId,
    };
    const { body } = await call('POST', '/projects', { ...given, members: [mira.userId, leaver.userId] });
    const path = `/projects/${body.id}/milestones`;
    template = (await call('POST', path, { name: 'Stand booked', dueOn: '2027-03-15', isReached: true })).body;
    const booked = await task({
      ...{ title: 'Book', dueOn: '2027-03-10', milestoneId: template.milestones[0]!.id, priority: 'high' },
      ...{ checklist: [{ text: 'Ask for a corner', isDone: true }], assignees: [mira.userId, leaver.userId] },
      links: [{ kind: 'customers', id: customerId }],
    });
    const zone = 'Europe/Berlin';
    await task({ title: 'Build', dueAt: '2027-03-20T08:00:00Z', zone, dependsOn: [booked] }); // 9 in winter
    const [away, off] = [await task({ title: 'Away' }), await task({ title: 'Off' })];
    await call('DELETE', `/tasks/${away}`);
    for (const [id, status] of [
      [booked, 'done'],
      [off, 'cancelled'],
    ] as const)
      await call('PUT', `/tasks/${id}/status`, { status });
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${mira.userId}', true); update users set status = 'deactivated' where id = '${leaver.userId}'; commit`,
    );
  });
  afterAll(() => slice.close());

  const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1${path}`, { token, body });
  const task = async (over: object): Promise<string> =>
    (await call('POST', '/tasks', { projectId: template.id, ...over })).body.id;
  const tasksOf = async (id: string) => (await call('GET', `/projects/${id}/tasks?sort=createdAt&order=asc`)).body.data;

  it('has its milestones and tasks, none begun, as many days after its start, for those who are still there', async () => {
    const { status, body, headers } = await call('POST', '/projects', {
      name: 'Fair 2027',
      from: template.id,
      startsOn: '2027-09-01',
    });
    expect({ status, location: headers.location }).toEqual({ status: 201, location: `/api/v1/projects/${body.id}` });
    expect(body).toMatchObject({
      ...{
        name: 'Fair 2027',
        description: 'Once a year',
        status: 'planned',
        startsOn: '2027-09-01',
        dueOn: '2027-10-31',
      },
      ...{ customerId, rate: { amount: 9000, currency: 'EUR' }, members: [mira.userId], ownerId: mira.userId },
      ...{ taskCount: 2, doneCount: 0, milestones: [{ name: 'Stand booked', dueOn: '2027-09-15', isReached: false }] },
    });
    expect(body.milestones[0].id).not.toBe(template.milestones[0]!.id);
    const [book, build] = await tasksOf(body.id);
    expect(book).toMatchObject({
      ...{ title: 'Book', status: 'todo', priority: 'high', dueOn: '2027-09-10', milestoneId: body.milestones[0].id },
      ...{ checklist: [{ text: 'Ask for a corner', isDone: false }], assignees: [mira.userId], links: [] },
    });
    expect(build).toMatchObject({ title: 'Build', dueAt: '2027-09-20T07:00:00.000Z', dependsOn: [book.id] });
  });

  it('takes what is given in the place of what the other one says, and no days without a start', async () => {
    const given = { name: 'Small fair', from: template.id, rate: { amount: 1, currency: 'USD' }, members: [] };
    const { body } = await call('POST', '/projects', given);
    expect(body).toMatchObject({
      ...{ rate: given.rate, members: [], startsOn: null, dueOn: null },
      milestones: [{ dueOn: null }],
    });
    expect(await tasksOf(body.id)).toMatchObject([{ dueOn: null }, { dueAt: null }]);
  });

  it('shows no more of the other one than may be seen', async () => {
    const few = await signIn(slice, {
      grants: ['projects:read_all', 'projects:create', 'customers:read_all', 'tasks:read_own', 'tasks:create'],
    });
    const { body } = await call('POST', '/projects', { name: 'Mine', from: template.id }, few);
    expect(body).toMatchObject({ name: 'Mine', taskCount: 0 });
    const own = await signIn(slice, { grants: ['projects:read_own', 'projects:create'] });
    const stranger = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
    for (const [as, from] of [
      [own, template.id],
      [stranger, template.id],
      [mira, newId()],
    ] as const) {
      const refused = await call('POST', '/projects', { name: 'Theirs', from }, as);
      expect(refused.body).toMatchObject({ status: 422, code: 'project_not_found', errors: [{ pointer: '/from' }] });
    }
  });

  it('is not made after one of very many tasks', async () => {
    const { body } = await call('POST', '/projects', { name: 'Huge' });
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${mira.userId}', true); insert into tasks (tenant_id, id, title, status, priority, zone, project_id, created_by)
         select tenant_id, gen_random_uuid(), 'x', 'todo', 'normal', 'UTC', id, owner_id from projects, generate_series(1, 201) where id = '${body.id}'; commit`,
    );
    expect((await call('POST', '/projects', { name: 'Huge 2', from: body.id })).body).toMatchObject({
      ...{ status: 422, code: 'template_too_large', most: 200 },
    });
  });
});
