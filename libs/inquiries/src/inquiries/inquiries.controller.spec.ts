import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { statementsSent } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConversationService } from '../conversation/conversation.service.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const EVERYTHING = [
  ...[
    'inquiries:read_all',
    'inquiries:create',
    'inquiries:update_all',
    'inquiries:assign_all',
    'inquiries:take',
    'inquiries:delete',
  ],
  ...['customers:read_all', 'customers:create', 'sla-policies:read', 'sla-policies:manage'],
];

describe('Inquiries over HTTP', () => {
  let slice: Slice;
  let mira: SignedIn;
  let noah: SignedIn;
  let customerId: string;
  const team = newId();

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    mira = await signIn(slice, { grants: EVERYTHING, teams: [team] });
    noah = await signIn(slice, {
      grants: ['inquiries:read_own', 'inquiries:take', 'customers:read_own'],
      teams: [team],
    });
    customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
  });
  afterAll(() => slice.close());

  const post = (path: string, body?: unknown, { token } = mira, headers = {}) =>
    slice.http('POST', `/api/v1/inquiries${path}`, { token, body, headers });
  const get = (path = '', { token } = mira) => slice.http('GET', `/api/v1/inquiries${path}`, { token });
  const question = (over: object = {}) => ({
    customerId,
    subject: 'Where is my order?',
    message: 'It was due on Friday.',
    ...over,
  });
  const record = async (over: object = {}) =>
    (await post('', question(over))).body as { id: string; number: number; version: number };

  it('are recorded for a customer, new, numbered, due, in the team of whoever records them', async () => {
    const { status, headers, body } = await post(
      '',
      question({ priority: 'high', category: 'delivery', channel: 'phone' }),
    );
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/inquiries/${body.id}`);
    expect(body).toMatchObject({
      customerId,
      subject: 'Where is my order?',
      message: 'It was due on Friday.',
      ...{ status: 'new', priority: 'high', category: 'delivery', channel: 'phone' },
      ...{ assignedTo: null, teamId: team, reopenCount: 0, version: 1 },
      number: expect.any(Number),
      reference: expect.stringMatching(/^INQ-\d{6}$/),
      dueAt: expect.any(String),
    });
    const read = await get(`/${body.id}`);
    expect(read.body).toEqual(body);
    expect(read.headers.etag).toBe('"1"');
    const { body: messages } = await get(`/${body.id}/messages`);
    expect(messages.data).toMatchObject([
      { seq: 1, direction: 'in', body: 'It was due on Friday.', authorName: 'Mira Okafor' },
    ]);
    const { body: sla } = await get(`/${body.id}/sla`);
    expect(sla.data).toMatchObject([
      { kind: 'first_response', target: 14_400, state: 'running', pausedSeconds: 0, dueAt: body.dueAt },
      { kind: 'resolution', target: 86_400, state: 'running', pausedSeconds: 0 },
    ]);
    expect(sla.meta).toMatchObject({ total: 2, hasNext: false, nextCursor: null });
  });

  it('are not recorded for a customer who is out of reach', async () => {
    const clerk = await signIn(slice, { grants: ['inquiries:create', 'customers:read_own'] });
    expect((await post('', question(), clerk)).status).toBe(404);
  });

  it('refuse what they do not know, the status among it', async () => {
    const { id } = await record();
    for (const method of ['PUT', 'PATCH'] as const) {
      const body = { subject: 'x', priority: 'low', channel: 'web', status: 'closed' };
      const answer = await slice.http(method, `/api/v1/inquiries/${id}`, { token: mira.token, body });
      expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: '/status', code: 'unknown_field' }] });
    }
    expect((await post('', question({ priority: 'soon' }))).status).toBe(400);
    for (const field of ['priority', 'channel'] as const) {
      const { status, body } = await post('', { ...question(), [field]: null });
      expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ pointer: `/${field}` }] });
    }
    expect((await post('', question({ teamId: newId() }))).body).toMatchObject({
      code: 'team_unknown',
      errors: [{ pointer: '/teamId' }],
    });
  });

  it.each(['two\nlines', 'Hello\r\nBcc: eve@evil.example', 'two\u2028lines', '   '])(
    'take no subject that could not stand in a mail: %j',
    async (subject) => {
      const { status, body } = await post('', question({ subject }));
      expect([status, body.errors[0].pointer]).toEqual([400, '/subject']);
    },
  );

  it('are edited by whoever saw their current version', async () => {
    const { id } = await record({ category: 'delivery' });
    const edit = (body: object, version: string) =>
      slice.http('PATCH', `/api/v1/inquiries/${id}`, { token: mira.token, body, headers: { 'if-match': version } });
    expect((await edit({ subject: 'Lost order', category: null }, '"1"')).body).toMatchObject({
      subject: 'Lost order',
      category: null,
      version: 2,
    });
    expect((await edit({ subject: 'Too late' }, '"1"')).body).toMatchObject({
      status: 412,
      code: 'version_conflict',
      current: 2,
    });
  });

  it('are taken by one of fifty who try at once; the others learn by whom', async () => {
    const { id } = await record();
    const rivals: SignedIn[] = [];
    while (rivals.length < 50)
      rivals.push(await signIn(slice, { grants: ['inquiries:read_own', 'inquiries:take'], teams: [team] }));
    const answers = await Promise.all(rivals.map((rival) => post(`/${id}/take`, undefined, rival)));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    const { assignedTo } = winners[0]!.body;
    expect(winners[0]!.body).toMatchObject({ status: 'open', version: 2 });
    const losers = answers.filter(({ status }) => status === 409);
    expect(losers).toHaveLength(49);
    for (const { body } of losers) {
      expect(body).toMatchObject({
        code: 'already_taken',
        assignedTo: { id: assignedTo, name: expect.stringContaining('@test.example') },
      });
    }
  });

  it('of another team are not there for whoever reads only their own', async () => {
    const { id } = await record({ teamId: null });
    for (const path of ['', '/messages', '/sla']) expect((await get(`/${id}${path}`, noah)).status).toBe(404);
    expect((await post(`/${id}/take`, undefined, noah)).status).toBe(404);
  });

  it('are given back by whoever has them, and by whoever may assign them', async () => {
    const { id } = await record();
    await post(`/${id}/take`);
    expect((await post(`/${id}/release`, undefined, noah)).status).toBe(404);
    const reader = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:take'] });
    expect((await post(`/${id}/release`, undefined, reader)).body).toMatchObject({ status: 403, code: 'not_yours' });
    expect((await post(`/${id}/release`)).body).toMatchObject({ assignedTo: null, status: 'open' });
    await post(`/${id}/take`, undefined, noah);
    expect((await post(`/${id}/release`)).body.assignedTo).toBeNull();
  });

  it.each<[string, string[], (id: string) => Promise<unknown>]>([
    ['staff reopens it', ['resolve', 'close'], (id) => post(`/${id}/reopen`)],
    [
      'its customer writes',
      ['resolve', 'close'],
      (id) => slice.as(mira.actor, () => slice.get(ConversationService).receive(id, { body: 'Hm?', at: new Date() })),
    ],
    ['it was no spam', ['spam'], (id) => post(`/${id}/restore`)],
  ])('that somebody left when they were over are their team’s once %s', async (_, ways, comeBack) => {
    const leaver = await signIn(slice);
    const { id } = await record();
    await post(`/${id}/assign`, { assignedTo: leaver.userId });
    for (const way of ways) expect((await post(`/${id}/${way}`)).status).toBe(200);
    const boss = await signIn(slice, { grants: ['users:deactivate'] });
    await slice.http('POST', `/api/v1/users/${leaver.userId}/deactivate`, { token: boss.token });
    await comeBack(id);
    expect((await get(`/${id}`)).body).toMatchObject({ status: 'open', assignedTo: null, teamId: team });
  });

  it('are assigned to people who exist', async () => {
    const { id } = await record();
    expect((await post(`/${id}/assign`, { assignedTo: newId() })).body).toMatchObject({
      status: 422,
      code: 'assignee_unknown',
    });
    expect((await post(`/${id}/assign`, { assignedTo: noah.userId })).body).toMatchObject({
      assignedTo: noah.userId,
      status: 'open',
    });
    expect((await post(`/${id}/assign`, { assignedTo: null, teamId: newId() })).body.code).toBe('team_unknown');
    expect((await post(`/${id}/assign`, { assignedTo: null, teamId: null })).body).toMatchObject({
      assignedTo: null,
      teamId: null,
    });
  });

  it('move through their statuses, and say what else they may become', async () => {
    const { id } = await record();
    const moveTo = (body: object) => slice.http('PATCH', `/api/v1/inquiries/${id}/status`, { token: mira.token, body });
    expect((await moveTo({ status: 'resolved' })).body).toMatchObject({
      ...{ status: 409, code: 'invalid_transition', from: 'new', to: 'resolved' },
      allowed: ['open', 'pending_customer', 'on_hold', 'spam', 'merged'],
    });
    expect((await moveTo({ status: 'on_hold' })).body).toMatchObject({ status: 400, code: 'hold_needs_reason' });
    expect((await post(`/${id}/hold`, { reason: 'carrier asked' })).body).toMatchObject({
      status: 'on_hold',
      holdReason: 'carrier asked',
    });
    expect((await post(`/${id}/resume`)).body.status).toBe('open');
    expect((await moveTo({ status: 'pending_customer' })).body.status).toBe('pending_customer');
    expect((await post(`/${id}/resolve`)).body).toMatchObject({ status: 'resolved', closesAt: expect.any(String) });
    expect((await post(`/${id}/close`)).body).toMatchObject({ status: 'closed', closesAt: null });
    expect((await post(`/${id}/take`)).body).toMatchObject({
      status: 409,
      code: 'inquiry_not_workable',
      state: 'closed',
    });
    expect((await post(`/${id}/reopen`)).body).toMatchObject({ status: 'open', reopenCount: 1 });
    expect((await post(`/${id}/spam`)).body).toMatchObject({ status: 'spam', dueAt: null });
    expect((await post(`/${id}/restore`)).body).toMatchObject({ status: 'open', dueAt: expect.any(String) });
  });

  it('keep notes, which only whoever may work on them leaves', async () => {
    const { id } = await record();
    const note = await post(`/${id}/notes`, { body: 'The carrier lost it.' });
    expect(note).toMatchObject({ status: 201, body: { seq: 2, direction: 'note', authorId: mira.userId } });
    expect((await post(`/${id}/notes`, { body: 'Me too' }, noah)).status).toBe(403);
    const reader = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:update_own'] });
    expect((await post(`/${id}/notes`, { body: 'Me too' }, reader)).body).toMatchObject({
      status: 403,
      code: 'out_of_reach',
    });
    expect((await get(`/${id}/messages?direction=note`)).body.data).toHaveLength(1);
  });

  it('go to the trash and come back', async () => {
    const { id } = await record();
    expect((await slice.http('DELETE', `/api/v1/inquiries/${id}`, { token: mira.token })).status).toBe(204);
    expect((await get(`/${id}`)).status).toBe(404);
    expect((await get(`?id=${id}`)).body.data).toEqual([]);
    expect((await get(`/trash?id=${id}`)).body.data).toMatchObject([{ id, deletedBy: mira.userId }]);
    expect((await post(`/${id}/take`)).status).toBe(404);
    expect((await post(`/${id}/restore`)).body).toMatchObject({ id, status: 'new', dueAt: expect.any(String) });
    expect((await get(`/${id}`)).status).toBe(200);
  });

  it('have a number each, however many come at once', async () => {
    const made = await Promise.all(Array.from({ length: 100 }, () => record()));
    expect(new Set(made.map(({ number }) => number)).size).toBe(100);
  });

  it('are listed by what they are, and searched by what they say and by number', async () => {
    const { id, number } = await record({ subject: 'Zebra_crossing', message: '100% striped', priority: 'urgent' });
    const ids = async (query: string): Promise<string[]> =>
      ((await get(`?limit=100&${query}`)).body.data as { id: string }[]).map((one) => one.id);
    for (const query of ['q=bra_cross', 'q=100%25 STR', `q=INQ-${number}`, `q=${number}`, `number=${number}`]) {
      expect(await ids(query)).toEqual([id]);
    }
    expect(await ids('q=bra%25cross')).toEqual([]);
    expect(await ids('priority=urgent&assignedTo[null]=true&sort=dueAt')).toEqual([id]);
    const where = { all: [{ field: 'priority', op: 'eq', value: 'urgent' }] };
    expect((await post('/search', { where })).body.data).toMatchObject([{ id }]);
    expect((await get('?colour=red')).status).toBe(400);
  });

  it('are listed with customer and assignee in as many statements for a hundred rows as for one', async () => {
    const statements = async (limit: number): Promise<number> => {
      const before = statementsSent();
      const { body } = await get(`?limit=${limit}&include=customer,assignee`);
      expect(body.data).toHaveLength(limit);
      expect(body.data[0].customer).toMatchObject({ id: customerId, name: 'Mira Okafor' });
      return statementsSent() - before;
    };
    await statements(2);
    expect(await statements(100)).toBe(await statements(1));
  });

  it('of another tenant are not there', async () => {
    const { id } = await record();
    const stranger = await signIn(slice, { grants: EVERYTHING, tenantId: OTHER_TENANT });
    expect((await get('', stranger)).body.data).toEqual([]);
    for (const path of ['', '/messages', '/sla']) expect((await get(`/${id}${path}`, stranger)).status).toBe(404);
    for (const action of ['take', 'release', 'resolve', 'restore']) {
      expect((await post(`/${id}/${action}`, undefined, stranger)).status).toBe(404);
    }
    expect((await slice.http('DELETE', `/api/v1/inquiries/${id}`, { token: stranger.token })).status).toBe(404);
  });
});

describe('Promises over HTTP', () => {
  let slice: Slice;
  let token: string;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    ({ token } = await signIn(slice, { grants: ['sla-policies:read', 'sla-policies:manage'] }));
  });
  afterAll(() => slice.close());

  const policies = '/api/v1/sla-policies';

  it('are written down, changed and removed', async () => {
    const body = { name: 'Urgent', priorities: ['urgent'], firstResponseSeconds: 3600 };
    const made = await slice.http('POST', policies, { token, body });
    expect(made).toMatchObject({
      status: 201,
      body: {
        ...body,
        position: 100,
        resolutionSeconds: null,
        pausesIn: ['pending_customer', 'on_hold'],
        warnFraction: 0.8,
        isDefault: false,
      },
    });
    const path = `${policies}/${made.body.id}`;
    expect((await slice.http('POST', policies, { token, body })).body).toMatchObject({
      status: 409,
      code: 'policy_name_taken',
    });
    expect((await slice.http('PATCH', path, { token, body: { calendarId: newId() } })).body.code).toBe(
      'calendar_unknown',
    );
    expect((await slice.http('PATCH', path, { token, body: { resolutionSeconds: 7200 } })).body).toMatchObject({
      firstResponseSeconds: 3600,
      resolutionSeconds: 7200,
      version: 2,
    });
    expect((await slice.http('PUT', path, { token, body: { name: 'Urgent' } })).body).toMatchObject({
      firstResponseSeconds: null,
      priorities: [],
    });
    expect((await slice.http('GET', policies, { token })).body.data).toHaveLength(1);
    expect((await slice.http('DELETE', path, { token })).status).toBe(204);
    expect((await slice.http('GET', path, { token })).status).toBe(404);
  });

  it('refuse targets that are none', async () => {
    for (const wrong of [
      { firstResponseSeconds: 0 },
      { resolutionSeconds: 1.5 },
      { pausesIn: ['open'] },
      { warnFraction: 1 },
      { warnFraction: null },
      { position: null },
      { priorities: null },
    ]) {
      expect((await slice.http('POST', policies, { token, body: { name: 'Wrong', ...wrong } })).status).toBe(400);
    }
  });

  it('say when inquiries close and re-open', async () => {
    const settings = '/api/v1/inquiry-settings';
    expect((await slice.http('GET', settings, { token })).body).toEqual({
      reopenWithinDays: 14,
      closeAfterDays: 7,
      satisfactionUrl: null,
      version: 0,
    });
    expect((await slice.http('PATCH', settings, { token, body: { closeAfterDays: 3 } })).body).toEqual({
      ...{ reopenWithinDays: 14, closeAfterDays: 3, satisfactionUrl: null, version: 1 },
    });
    expect((await slice.http('PATCH', settings, { token, body: { reopenWithinDays: 30 } })).body.version).toBe(2);
    expect((await slice.http('PATCH', settings, { token, body: { closeAfterDays: null } })).status).toBe(400);
    const stale = { token, body: { closeAfterDays: 1 }, headers: { 'if-match': '"1"' } };
    expect((await slice.http('PATCH', settings, stale)).status).toBe(412);
  });
});
