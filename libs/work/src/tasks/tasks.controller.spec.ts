import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { statementsSent } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKnownCustomer, workContexts } from '../testing.js';

const EVERYTHING = [
  ...['tasks:read_all', 'tasks:create', 'tasks:update_all', 'tasks:delete_all'],
  ...['projects:read_all', 'projects:create', 'projects:update_all', 'customers:read_all', 'customers:create'],
];
const OWN = ['tasks:read_own', 'tasks:create', 'tasks:update_own', 'tasks:delete_own'];

describe('Tasks over HTTP', () => {
  let slice: Slice;
  let mira: SignedIn;
  let noah: SignedIn;
  const team = newId();

  beforeAll(async () => {
    slice = await bootSlice({ contexts: workContexts });
    mira = await signIn(slice, { grants: EVERYTHING, teams: [team] });
    noah = await signIn(slice, { grants: OWN });
  });
  afterAll(() => slice.close());

  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1/tasks${path}`, { token, body });
  const task = async (over: object = {}, as = mira) =>
    (await call('POST', '', { title: 'Call back', ...over }, as)).body as { id: string; version: number };
  const move = (id: string, status: string, reason?: string) => call('PUT', `/${id}/status`, { status, reason });
  const waiting = async (): Promise<number> =>
    (
      await slice.superuser.query(
        `select from pg_locks where not granted and pid in (select pid from pg_locks
           where database = (select oid from pg_database where datname = current_database()))`,
      )
    ).rowCount ?? 0;
  const eventsOf = async (id: string): Promise<string[]> =>
    (
      await slice.superuser.query<{ type: string }>(
        `select type from outbox where payload->>'taskId' = $1 order by id`,
        [id],
      )
    ).rows.map(({ type }) => type);

  it('are created in the team of whoever creates them, meant in the zone of the tenant', async () => {
    const given = {
      title: 'Call Mira back',
      priority: 'high',
      dueAt: '2026-11-06T14:00:00Z',
      assignees: [noah.userId],
    };
    const { status, body, headers } = await call('POST', '', { ...given, checklist: [{ text: 'Find the offer' }] });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/tasks/${body.id}`);
    expect(body).toMatchObject({
      ...{ title: 'Call Mira back', status: 'todo', priority: 'high', zone: 'UTC', teamId: team, version: 1 },
      ...{ dueAt: '2026-11-06T14:00:00.000Z', dueOn: null, assignees: [noah.userId], recurrence: null, links: [] },
      checklist: [{ id: expect.any(String), text: 'Find the offer', isDone: false }],
      ...{ createdBy: mira.userId, dependsOn: [], projectId: null, completedAt: null },
    });
    const read = await call('GET', `/${body.id}`);
    expect(read.body).toEqual(body);
    expect(read.headers.etag).toBe('"1"');
    expect(await eventsOf(body.id)).toEqual(['tasks.created']);
    const { rows } = await slice.superuser.query(
      `select action, actor_id from audit_log where entity = 'tasks' and entity_id = $1`,
      [body.id],
    );
    expect(rows).toEqual([{ action: 'created', actor_id: mira.userId }]);
  });

  it('are due by the end of a day in their zone, or at a time, not both', async () => {
    const { id } = await task({ dueOn: '2026-11-06', zone: 'America/New_York' });
    const due = async () => (await call('GET', `/${id}`)).body;
    expect(await due()).toMatchObject({ dueOn: '2026-11-06', dueAt: '2026-11-07T04:59:59.000Z' });
    await call('PATCH', `/${id}`, { zone: 'Asia/Tokyo' });
    expect(await due()).toMatchObject({ dueOn: '2026-11-06', dueAt: '2026-11-06T14:59:59.000Z' });
    await call('PATCH', `/${id}`, { dueAt: '2026-11-08T10:00:00Z' });
    expect(await due()).toMatchObject({ dueOn: null, dueAt: '2026-11-08T10:00:00.000Z' });
    await call('PATCH', `/${id}`, { dueOn: null });
    expect(await due()).toMatchObject({ dueAt: '2026-11-08T10:00:00.000Z' });
    await call('PATCH', `/${id}`, { dueAt: null });
    expect(await due()).toMatchObject({ dueOn: null, dueAt: null });
    const both = await call('POST', '', { title: 'Both', dueAt: '2026-11-08T10:00:00Z', dueOn: '2026-11-08' });
    expect(both.body).toMatchObject({ status: 400, code: 'due_twice' });
  });

  it.each<[string, object, string]>([
    ['no title', { title: '' }, '/title'],
    ['a title of two lines', { title: 'two\nlines' }, '/title'],
    ['an unknown priority', { priority: 'asap' }, '/priority'],
    ['a day that is none', { dueOn: '2026-02-30' }, '/dueOn'],
    ['a time without its offset', { dueAt: '2026-11-06T14:00:00' }, '/dueAt'],
    ['a zone that is none', { zone: 'Mars/Olympus' }, '/zone'],
    ['an offset for a zone', { zone: '+02:00' }, '/zone'],
    ['the status', { status: 'done' }, '/status'],
    ['an assignee who is no id', { assignees: ['me'] }, '/assignees'],
    ['a link without an id', { links: [{ kind: 'customers' }] }, '/links/0/id'],
    ['an item without words', { checklist: [{ text: '' }] }, '/checklist/0/text'],
    ['a rule that is no text', { recurrence: { rule: 5 } }, '/recurrence/rule'],
  ])('take not %s', async (_, over, pointer) => {
    const { status, body } = await call('POST', '', { title: 'Call back', ...over });
    expect([status, body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });

  it('name nobody and nothing that is not there', async () => {
    const tries: [object, number, string][] = [
      [{ assignees: [newId()] }, 422, 'assignee_unavailable'],
      [{ teamId: newId() }, 422, 'team_not_found'],
      [{ projectId: newId() }, 422, 'project_not_found'],
      [{ milestoneId: newId() }, 422, 'milestone_not_found'],
      [{ dependsOn: [newId()] }, 422, 'dependency_not_found'],
      [{ links: [{ kind: 'customers', id: newId() }] }, 422, 'linked_record_not_found'],
      [{ links: [{ kind: 'spaceships', id: newId() }] }, 400, 'link_kind_unknown'],
    ];
    for (const [over, status, code] of tries)
      expect((await call('POST', '', { title: 'Call back', ...over })).body).toMatchObject({ status, code });
  });

  it('are given to nobody who may not come in, however close the two come', async () => {
    const leaver = await signIn(slice, { grants: OWN });
    await slice.superuser.query(`begin; select set_config('app.actor_id', '${mira.userId}', true)`);
    await slice.superuser.query(`update users set status = 'deactivated' where id = $1`, [leaver.userId]);
    const given = call('POST', '', { title: 'Too late', assignees: [leaver.userId] });
    await expect.poll(waiting).toBe(1);
    await slice.superuser.query('commit');
    expect((await given).body).toMatchObject({ status: 422, code: 'assignee_unavailable' });
  });

  it('move by their status alone, as the machine has it', async () => {
    const { id } = await task();
    expect((await move(id, 'review')).body).toMatchObject({
      ...{ status: 409, code: 'invalid_transition', from: 'todo', to: 'review' },
      allowed: ['in_progress', 'done', 'cancelled'],
    });
    expect((await move(id, 'in_progress')).body).toMatchObject({ status: 'in_progress', version: 2 });
    expect((await move(id, 'blocked')).body).toMatchObject({ status: 422, code: 'block_needs_reason' });
    expect((await move(id, 'blocked', 'Waits for parts')).body).toMatchObject({ blockedBecause: 'Waits for parts' });
    const done = await call('PATCH', `/${id}/status`, { status: 'done' });
    expect(done.body).toMatchObject({ status: 'done', blockedBecause: null, completedAt: expect.any(String) });
    expect((await move(id, 'todo')).body).toMatchObject({ status: 'todo', completedAt: null });
    expect((await call('PUT', `/${id}`, { title: 'x', status: 'done' })).status).toBe(400);
    expect((await eventsOf(id)).filter((type) => type === 'tasks.status-changed')).toHaveLength(4);
  });

  it('are replaced and patched by whoever saw their current version', async () => {
    const { id } = await task({ description: 'Long', dueOn: '2026-11-06', assignees: [noah.userId] });
    const edit = (method: 'PUT' | 'PATCH', body: object, version: string) =>
      slice.http(method, `/api/v1/tasks/${id}`, { token: mira.token, body, headers: { 'if-match': version } });
    expect((await edit('PATCH', { title: 'Short' }, '"1"')).body).toMatchObject({
      ...{ title: 'Short', description: 'Long', assignees: [noah.userId], version: 2 },
    });
    expect((await edit('PATCH', { title: 'Late' }, '"1"')).body).toMatchObject({ status: 412, current: 2 });
    expect((await edit('PUT', { title: 'Bare' }, '"2"')).body).toMatchObject({
      ...{ title: 'Bare', description: '', dueOn: null, dueAt: null, assignees: [], version: 3 },
    });
    expect(await eventsOf(id)).toEqual(['tasks.created', 'tasks.updated', 'tasks.updated', 'tasks.assigned']);
  });

  it('have a checklist that is ticked item by item', async () => {
    const { id, checklist } = (await task({ checklist: [{ text: 'One' }, { text: 'Two' }] })) as never as {
      id: string;
      checklist: { id: string }[];
    };
    const ticked = await call('PATCH', `/${id}/checklist/${checklist[1]!.id}`, { isDone: true });
    expect(ticked.body.checklist).toMatchObject([{ isDone: false }, { text: 'Two', isDone: true }]);
    expect((await call('PATCH', `/${id}/checklist/${newId()}`, { isDone: true })).status).toBe(404);
  });

  it('are about records that whoever links them may see', async () => {
    const customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
    const link = { kind: 'customers', id: customerId };
    const { id } = await task({ links: [link, { ...link, id: customerId.toUpperCase() }] });
    expect((await call('GET', `/${id}`)).body.links).toEqual([link]);
    expect((await call('GET', `?linkedTo=customers:${customerId}`)).body.data).toMatchObject([{ id }]);
    expect((await call('GET', `?linkedTo=inquiries:${customerId}`)).body.data).toEqual([]);
    expect((await call('GET', '?linkedTo=customers')).body).toMatchObject({ status: 400 });
    const stranger = await call('POST', '', { title: 'Theirs', links: [link] }, noah);
    expect(stranger.body).toMatchObject({ status: 422, code: 'linked_record_not_found' });
    const { body } = await slice.http('GET', `/api/v1/customers/${customerId}/timeline?kind=tasks.created`, mira);
    expect(body.data).toMatchObject([
      { kind: 'tasks.created', title: 'To do: Call back', ref: { resource: 'tasks', id } },
    ]);
  });

  it('are listed as mine, the most urgent first, without what is over', async () => {
    const lena = await signIn(slice, { grants: ['tasks:read_own'] });
    const [late, soon, none] = [
      await task({ title: 'Late', dueOn: '2026-12-01', assignees: [lena.userId] }),
      await task({ title: 'Soon', dueOn: '2026-11-01', assignees: [lena.userId, noah.userId] }),
      await task({ title: 'Whenever', assignees: [lena.userId] }),
    ];
    const over = await task({ assignees: [lena.userId] });
    await move(over.id, 'done');
    await task({ title: 'Not mine' });
    const mine = async (query = '') => (await call('GET', `/my-tasks${query}`, undefined, lena)).body;
    expect((await mine()).data.map(({ id }: { id: string }) => id)).toEqual([soon.id, late.id, none.id]);
    expect((await mine('?all=true')).meta.total).toBe(4);
    expect((await mine('?dueAt[lt]=2026-11-15')).data).toMatchObject([{ id: soon.id }]);
    expect((await call('GET', `?assignedTo=${lena.userId}&status=done`)).body.data).toMatchObject([{ id: over.id }]);
    expect((await call('GET', '?assignedTo=me')).status).toBe(400);
  });

  it('are reached by those who create or do them, and by their team while nobody does them', async () => {
    const mate = await signIn(slice, { grants: OWN, teams: [team] });
    const [theirs, given, open] = [
      await task({ assignees: [mira.userId] }),
      await task({ assignees: [noah.userId] }),
      await task(),
    ];
    const seen = async (id: string, as: SignedIn) => (await call('GET', `/${id}`, undefined, as)).status;
    expect([await seen(theirs.id, noah), await seen(given.id, noah), await seen(open.id, noah)]).toEqual([
      404, 200, 404,
    ]);
    expect([await seen(given.id, mate), await seen(open.id, mate)]).toEqual([404, 200]);
    for (const [method, path, body] of [
      ['PATCH', '', { title: 'Mine' }],
      ['PUT', '/status', { status: 'done' }],
      ['DELETE', '', undefined],
      ['PUT', '/recurrence', { rule: 'FREQ=DAILY' }],
    ] as const)
      expect((await call(method, `/${theirs.id}${path}`, body, noah)).status).toBe(404);
    const stranger = await signIn(slice, { grants: EVERYTHING, tenantId: OTHER_TENANT });
    expect(await seen(open.id, stranger)).toBe(404);
    const nobody = await signIn(slice, { grants: [] });
    expect((await call('GET', '', undefined, nobody)).body).toMatchObject({ status: 403 });
  });

  it('go into the trash and come back', async () => {
    const { id } = await task();
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
    expect((await call('PATCH', `/${id}`, { title: 'x' })).body).toMatchObject({ status: 409, code: 'task_in_trash' });
    expect((await call('GET', '/trash')).body.data[0]).toMatchObject({ id, deletedBy: mira.userId });
    expect((await call('POST', `/${id}/restore`)).body).toMatchObject({ id, status: 'todo' });
    expect((await call('POST', `/${id}/restore`)).body).toMatchObject({ code: 'task_not_in_trash' });
  });

  it('are read in as many statements, however many there are', async () => {
    for (let n = 0; n < 5; n++) await task({ assignees: [noah.userId] });
    const statementsOf = async (limit: number): Promise<number> => {
      const before = statementsSent();
      await call('GET', `?limit=${limit}`);
      return statementsSent() - before;
    };
    await statementsOf(1);
    expect(await statementsOf(5)).toBe(await statementsOf(1));
  });

  describe('that wait for others', () => {
    const waitFor = (id: string, other: string) => call('PUT', `/${id}/dependencies/${other}`);

    it('are not done before them', async () => {
      const [first, second] = [await task(), await task()];
      expect((await waitFor(second.id, first.id)).body.dependsOn).toEqual([first.id]);
      expect((await move(second.id, 'done')).body).toMatchObject({
        ...{ status: 409, code: 'dependencies_open', taskIds: [first.id] },
      });
      await move(first.id, 'cancelled');
      expect((await move(second.id, 'done')).status).toBe(200);
      expect((await call('DELETE', `/${second.id}/dependencies/${first.id}`)).body.dependsOn).toEqual([]);
    });

    it('never wait for themselves, over however many', async () => {
      const [a, b, c] = [await task(), await task(), await task()];
      await waitFor(a.id, b.id);
      await waitFor(b.id, c.id);
      const refusals = await Promise.all([waitFor(c.id, a.id), waitFor(b.id, a.id), waitFor(a.id, a.id)]);
      for (const { body } of refusals) expect(body).toMatchObject({ status: 422, code: 'dependency_cycle' });
      expect((await waitFor(a.id, c.id)).status).toBe(200);
      expect((await waitFor(a.id, newId())).status).toBe(404);
    });

    it('close no circle from two sides at once', async () => {
      for (let round = 0; round < 10; round++) {
        const ring = await Promise.all([task(), task(), task(), task()]);
        const answers = await Promise.all(ring.map(({ id }, at) => waitFor(id, ring[(at + 1) % ring.length]!.id)));
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 422]);
      }
      const { rows } = await slice.superuser.query(
        `with recursive way(start, id, length) as (select task_id, depends_on, 1 from task_dependencies
           union all select w.start, d.depends_on, w.length + 1 from way w join task_dependencies d on d.task_id = w.id
           where w.start <> w.id and w.length < 10)
         select 1 from way where start = id`,
      );
      expect(rows).toEqual([]);
    });

    it('leave no way around the check: PostgreSQL itself refuses a circle', async () => {
      const [a, b] = [await task(), await task()];
      await waitFor(a.id, b.id);
      const around = slice.as(mira.actor, () =>
        slice.db.query('insert into task_dependencies (task_id, depends_on) values ($1, $2)', [b.id, a.id]),
      );
      await expect(around).rejects.toMatchObject({ constraint: 'task_dependencies_have_no_cycle' });
    });
  });
});
