import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { Ports, TimelinePort } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aCustomer, anInquiry, callsOf, deskContexts, everything } from '../testing/desk.js';
import { ResponsesTimeline } from './responses.timeline.js';

describe('The responses API', () => {
  const clock = new FixedClock(new Date());
  let slice: Slice;
  let author: SignedIn;
  let manager: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: deskContexts, clock });
    author = await signIn(slice, { grants: everything });
    manager = await signIn(slice, { grants: everything });
  });
  afterAll(() => slice.close());

  const { call, post, drafted } = callsOf(() => ({ slice, author, manager }));

  it('takes a draft and says where it stands', async () => {
    const inquiryId = await anInquiry(slice);
    const made = await call('POST', '/responses', { inquiryId, message: 'It left this morning.' });
    expect(made.status).toBe(201);
    expect(made.headers.location).toBe(`/api/v1/responses/${made.body.id}`);
    expect(made.headers.etag).toBe('"1"');
    expect(made.body).toMatchObject({
      inquiryId,
      message: 'It left this morning.',
      status: 'draft',
      revision: 1,
      respondedBy: author.userId,
      approvedBy: null,
      approvalNotes: null,
      sentAt: null,
      messageId: null,
      version: 1,
    });
    expect((await call('GET', `/responses/${made.body.id}`)).body).toEqual(made.body);
  });

  it('walks from draft to sending', async () => {
    const id = await drafted();
    expect((await post(id, 'submit')).body).toMatchObject({ status: 'pending_approval', submittedBy: author.userId });
    const decision = { revision: 1, approvalNotes: 'Good.' };
    expect((await post(id, 'approve', decision, manager)).body).toMatchObject({
      status: 'approved',
      approvedBy: manager.userId,
      approvalNotes: 'Good.',
    });
    expect((await post(id, 'cancel')).body).toMatchObject({ status: 'approved', sendAt: null });
    expect((await post(id, 'send', { revision: 1 })).body).toMatchObject({
      status: 'sending',
      deliveryState: 'queued',
    });
    expect((await post(id, 'send', { revision: 1 })).body).toMatchObject({
      code: 'invalid_transition',
      from: 'sending',
    });
  });

  it('edits by PUT and PATCH, honours If-Match, and is refused under approval', async () => {
    const id = await drafted();
    const edit = { message: 'Another text.' };
    expect((await call('PUT', `/responses/${id}`, edit, author, { 'if-match': '"1"' })).body).toMatchObject({
      revision: 2,
      version: 2,
    });
    expect(
      (await call('PATCH', `/responses/${id}`, { message: 'Late.' }, author, { 'if-match': '"1"' })).body,
    ).toMatchObject({
      status: 412,
      code: 'version_conflict',
    });
    await post(id, 'submit');
    expect((await call('PATCH', `/responses/${id}`, { message: 'Late.' })).body).toMatchObject({
      status: 409,
      code: 'under_approval',
    });
    const { body } = await call('GET', `/responses/${id}/revisions`);
    expect(
      body.data.map(({ revision, message }: { revision: number; message: string }) => [revision, message]),
    ).toEqual([
      [2, 'Another text.'],
      [1, 'It left this morning.'],
    ]);
  });

  it('lets exactly one of 50 edits of one version through', async () => {
    const id = await drafted();
    const edits = Array.from({ length: 50 }, (_, at) =>
      call('PATCH', `/responses/${id}`, { message: `Text ${at}` }, author, { 'if-match': '"1"' }),
    );
    const statuses = (await Promise.all(edits)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(49);
  });

  it('takes no field that is not the author’s to write', async () => {
    const id = await drafted();
    const { body: before } = await call('GET', `/responses/${id}`);
    for (const field of Object.keys(before).filter((name) => name !== 'message')) {
      const forged = { message: 'Forged.', [field]: before[field] ?? manager.userId };
      expect((await call('PATCH', `/responses/${id}`, forged)).status).toBe(400);
      expect((await call('PUT', `/responses/${id}`, forged)).status).toBe(400);
      expect(
        (
          await post(id, 'submit', {
            revision: 1,
            ...(field === 'revision' ? { approvedBy: manager.userId } : { [field]: 'x' }),
          })
        ).status,
      ).toBe(400);
    }
    expect((await call('GET', `/responses/${id}`)).body).toEqual(before);
  });

  it('refuses a text that says nothing', async () => {
    const inquiryId = await anInquiry(slice);
    for (const message of ['', ' \n\t', 1, null, undefined]) {
      expect((await call('POST', '/responses', { inquiryId, message })).status).toBe(400);
    }
  });

  it('asks each verb for its own permission', async () => {
    const id = await drafted();
    const verbs = {
      'responses:submit': ['submit', 'recall'],
      'responses:discard': ['discard'],
      'responses:send': ['send', 'schedule', 'unschedule', 'cancel', 'release', 'retry'],
      'approvals:decide': ['approve', 'reject'],
    };
    for (const [permission, names] of Object.entries(verbs)) {
      const grants = everything.filter(({ name }) => name !== permission);
      const other = await signIn(slice, { grants });
      for (const name of names) {
        const given = name === 'reject' ? { approvalNotes: 'No.' } : {};
        expect((await post(id, name, given, other)).body).toMatchObject({
          status: 403,
          code: 'permission_missing',
          permission,
        });
      }
    }
  });

  it('lets those draft who may not submit or send', async () => {
    const bot = await signIn(slice, {
      grants: [
        'responses:create',
        'responses:read_own',
        'responses:update_own',
        'inquiries:read_own',
        'inquiries:update_own',
      ],
    });
    const inquiryId = await anInquiry(slice, { assignedTo: bot.userId });
    const { body } = await call('POST', '/responses', { inquiryId, message: 'A proposal.' }, bot);
    expect(body.status).toBe('draft');
    expect((await post(body.id, 'submit', {}, bot)).status).toBe(403);
    expect((await post(body.id, 'submit')).body).toMatchObject({
      status: 'pending_approval',
      submittedBy: author.userId,
    });
  });

  it('lets nobody submit or discard a draft that they may read but not change', async () => {
    const id = await drafted();
    const reader = await signIn(slice, {
      grants: ['responses:read_all', 'responses:update_own', 'responses:submit', 'responses:discard'],
    });
    expect((await call('GET', `/responses/${id}`, undefined, reader)).status).toBe(200);
    for (const verb of ['submit', 'discard']) expect((await post(id, verb, {}, reader)).status).toBe(404);
    expect((await post(id, 'recall', {}, reader)).status).toBe(409);
    await post(id, 'submit');
    expect((await post(id, 'recall', {}, reader)).body.code).toBe('recall_denied');
  });

  it('hides what is out of reach, in one and in many, and another tenant’s altogether', async () => {
    const id = await drafted();
    const own = await signIn(slice, { grants: ['responses:read_own'] });
    const stranger = await signIn(slice, { grants: everything, tenantId: OTHER_TENANT });
    for (const other of [own, stranger]) {
      expect((await call('GET', `/responses/${id}`, undefined, other)).status).toBe(404);
      expect((await call('GET', `/responses/${id}/revisions`, undefined, other)).status).toBe(404);
      expect((await call('GET', `/responses/${id}/approvals`, undefined, other)).status).toBe(404);
      expect((await call('GET', `/responses?limit=100`, undefined, other)).body.data).toEqual([]);
    }
    expect((await post(id, 'approve', { revision: 1 }, stranger)).status).toBe(404);
    const mine = await anInquiry(slice, { assignedTo: own.userId });
    const { body } = await call('POST', '/responses', { inquiryId: mine, message: 'For them.' });
    expect((await call('GET', '/responses', undefined, own)).body.data).toMatchObject([{ id: body.id }]);
  });

  it('lists by every filter in as many statements for one row as for a hundred', async () => {
    const inquiryId = await anInquiry(slice);
    for (let at = 0; at < 12; at++) await call('POST', '/responses', { inquiryId, message: `Text ${at}` });
    const filter = `/responses?inquiryId=${inquiryId}&status=draft&respondedBy=${author.userId}&approvedBy[null]=true&createdAt[gte]=2020-01-01T00:00:00Z`;
    const query = vi.spyOn(slice.db, 'query');
    const counts = [];
    for (const limit of [1, 100]) {
      query.mockClear();
      const { body } = await call('GET', `${filter}&limit=${limit}`);
      expect(body.meta.total).toBe(12);
      counts.push(query.mock.calls.filter(([sql]) => sql.includes('from responses r')).length);
    }
    query.mockRestore();
    expect(counts).toEqual([2, 2]);
    expect((await call('GET', '/responses?message=x')).status).toBe(400);
  });

  it('tells a customer’s timeline what became of the answers, newest first, to those who may see them', async () => {
    const customerId = await aCustomer(slice, author);
    const inquiryId = await anInquiry(slice, { customerId });
    const { body } = await call('POST', '/responses', { inquiryId, message: 'It left this morning.' });
    for (const [verb, given, who] of [
      ['submit', {}, author],
      ['reject', { revision: 1, approvalNotes: 'Why?' }, manager],
    ] as const) {
      clock.advance(1000);
      await post(body.id, verb, given, who);
    }
    const timeline = slice
      .get(Ports)
      .all(TimelinePort)
      .find((source) => source instanceof ResponsesTimeline)!;
    const entries = (who: SignedIn, limit: number, before?: { at: Date; kind: string; id: string }) =>
      slice.as(who.actor, () => timeline.entries(customerId, who.actor, limit, before));
    const [last, first] = await entries(author, 10);
    expect(last).toMatchObject({
      kind: 'responses.rejected',
      actorId: manager.userId,
      ref: { resource: 'responses', id: body.id },
    });
    expect(first).toMatchObject({
      kind: 'responses.submitted',
      actorId: author.userId,
      details: { inquiryId, revision: 1 },
    });
    expect(await entries(author, 1, last)).toEqual([first]);
    expect(await entries(author, 1, first)).toEqual([]);
    expect(await entries(await signIn(slice, { grants: ['responses:read_own'] }), 10)).toEqual([]);
    expect(await entries(await signIn(slice), 10)).toEqual([]);
  });

  it('knows no response that does not exist', async () => {
    for (const verb of ['submit', 'recall', 'discard', 'cancel', 'retry'])
      expect((await post(newId(), verb)).status).toBe(404);
    expect((await call('GET', '/responses/none')).status).toBe(400);
  });
});
