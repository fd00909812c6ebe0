import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InquiriesFacade } from '../inquiries.facade.js';
import { ConversationService } from '../conversation/conversation.service.js';
import { daysAfter, UNMERGE_WITHIN_MS } from '../inquiries/inquiry.policy.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';
import { MergingService } from './merging.service.js';

const NOW = new Date('2031-03-03T10:00:00Z'); // no timer comes due while a test runs
const GRANTS = [
  ...['inquiries:read_all', 'inquiries:create', 'inquiries:update_all', 'inquiries:take', 'inquiries:delete'],
  ...['inquiries:assign_all', 'customers:read_all', 'customers:create', 'sla-policies:read'],
];
type Recorded = { id: string; number: number; version: number; reference: string };

describe('Merging inquiries', () => {
  let slice: Slice;
  let mira: SignedIn;
  let customerId: string;
  const clock = new FixedClock(NOW);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, clock });
    mira = await signIn(slice, { grants: GRANTS });
    customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
  });
  beforeEach(() => clock.set(NOW));
  afterAll(() => slice.close());

  const post = (path: string, body?: unknown, { token } = mira, headers = {}) =>
    slice.http('POST', `/api/v1/inquiries${path}`, { token, body, headers });
  const get = (path: string) => slice.http('GET', `/api/v1/inquiries${path}`, { token: mira.token });
  const record = async (message = 'It was due on Friday.') =>
    (await post('', { customerId, subject: 'Where is my order?', message })).body as Recorded;
  const merge = ({ id }: Recorded, into: Recorded) => post(`/${id}/merge`, { into: into.id });
  /** By its service: tokens end within the day that goes by. */
  const unmerge = ({ id }: Recorded) => slice.as(mira.actor, () => slice.get(MergingService).unmerge(id));
  const said = async ({ id }: Recorded) =>
    (await get(`/${id}/messages`)).body.data.map(({ body }: { body: string }) => body) as string[];
  const clocksOf = async ({ id }: Recorded) =>
    (
      await slice.superuser.query(
        'select kind, state, used_seconds, due_at, stopped_at from inquiry_clocks where inquiry_id = $1 order by kind',
        [id],
      )
    ).rows;
  const rowOf = async ({ id }: Recorded) =>
    (await slice.superuser.query('select * from inquiries where id = $1', [id])).rows[0] as Record<string, unknown>;
  const write = ({ id }: Recorded, body: string) =>
    slice.as(mira.actor, () => slice.get(ConversationService).receive(id, { body, at: clock.now() }));

  it('shows what was written in the one in the other, and makes it read-only', async () => {
    const [source, target] = [await record('First.'), await record('Second.')];
    const { status, body, headers } = await merge(source, target);
    expect(status).toBe(200);
    expect(headers.etag).toBe('"2"');
    expect(body).toMatchObject({ status: 'merged', mergedInto: target.id, mergedAt: NOW.toISOString(), dueAt: null });
    expect(await said(target)).toEqual(expect.arrayContaining(['First.', 'Second.']));
    expect(await said(source)).toEqual(['First.']);
    const { body: messages } = await get(`/${target.id}/messages?inquiryId=${source.id}`);
    expect(messages.data).toMatchObject([{ inquiryId: source.id, body: 'First.' }]);
    const refused = [
      await post(`/${source.id}/take`),
      await post(`/${source.id}/notes`, { body: 'Hm.' }),
      await post(`/${source.id}/resolve`),
      await post(`/${source.id}/assign`, { assignedTo: mira.userId }),
      await slice.http('PATCH', `/api/v1/inquiries/${source.id}`, { token: mira.token, body: { subject: 'x' } }),
      await slice.http('DELETE', `/api/v1/inquiries/${source.id}`, { token: mira.token }),
    ];
    for (const answer of refused)
      expect(answer.body).toMatchObject({ status: 409, code: 'inquiry_merged', mergedInto: target.id });
    const { body: found } = await get(`?mergedInto=${target.id}`);
    expect(found.data).toMatchObject([{ id: source.id, status: 'merged' }]);
  });

  it('ends the promises of the one, and they go on where they stood once it is taken back', async () => {
    const [source, target] = [await record(), await record()];
    const [promised, before] = [await clocksOf(source), await rowOf(source)];
    await merge(source, target);
    expect(await clocksOf(source)).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
    expect((await get(`/${source.id}/sla`)).body.data).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
    const { body } = await post(`/${source.id}/unmerge`);
    expect(body).toMatchObject({ status: 'new', mergedInto: null, mergedAt: null });
    expect(await clocksOf(source)).toEqual(promised);
    const after = await rowOf(source);
    expect(after).toEqual({ ...before, version: 3, updated_at: after.updated_at });
  });

  it('counts the time in which it was merged as no work, for a resolved one plans its closing anew', async () => {
    const [source, waiting, target] = [await record(), await record(), await record()];
    await post(`/${source.id}/take`);
    const { body: resolved } = await post(`/${source.id}/resolve`);
    const [, first] = await clocksOf(waiting);
    for (const one of [source, waiting]) await merge(one, target);
    clock.set(daysAfter(NOW, 1));
    for (const one of [source, waiting]) await unmerge(one);
    clock.set(NOW);
    expect((await get(`/${source.id}`)).body).toMatchObject({ status: 'resolved', closesAt: resolved.closesAt });
    const { rows } = await slice.superuser.query(
      `select run_at from outbox where type = 'inquiries.close-resolved' and payload->>'inquiryId' = $1`,
      [source.id],
    );
    expect(rows.map(({ run_at }) => run_at)).toEqual([new Date(resolved.closesAt), new Date(resolved.closesAt)]);
    const [, later] = await clocksOf(waiting);
    expect(later.due_at).toEqual(daysAfter(first.due_at, 1));
  });

  it('is taken back within 24 hours to the second, and what came meanwhile stays', async () => {
    const [source, target] = [await record('First.'), await record('Second.')];
    await merge(source, target);
    await write(target, 'Third.');
    clock.set(new Date(NOW.getTime() + UNMERGE_WITHIN_MS));
    await unmerge(source);
    clock.set(NOW);
    expect([await said(source), await said(target)]).toEqual([['First.'], ['Second.', 'Third.']]);
    expect((await post(`/${source.id}/unmerge`)).body).toMatchObject({ status: 409, code: 'inquiry_not_merged' });
    await merge(source, target);
    clock.set(new Date(NOW.getTime() + UNMERGE_WITHIN_MS + 1));
    await expect(unmerge(source)).rejects.toMatchObject({ code: 'merge_is_final' });
  });

  it('makes no chains and no cycles', async () => {
    const [a, b, c] = [await record(), await record(), await record()];
    await merge(a, b);
    expect((await merge(c, a)).body).toMatchObject({ status: 409, code: 'inquiry_merged', mergedInto: b.id });
    expect((await merge(a, c)).body).toMatchObject({ status: 409, code: 'inquiry_merged', mergedInto: b.id });
    expect((await merge(b, a)).body).toMatchObject({ status: 409, code: 'inquiry_merged', mergedInto: b.id });
    expect((await merge(b, c)).body).toMatchObject({ status: 409, code: 'others_merged_into_it' });
    expect((await merge(c, c)).body).toMatchObject({ status: 422, code: 'merged_with_itself' });
    expect((await merge(c, { ...c, id: newId() })).status).toBe(404);
    expect((await post(`/${c.id}/merge`, { into: 'nowhere' })).status).toBe(400);
    await slice.superuser.query(`set app.actor_id = '${mira.userId}'`);
    await expect(
      slice.superuser.query(
        `update inquiries set status = 'merged', status_before_merge = 'open', merged_at = now(), merged_into = $1 where id = $2`,
        [c.id, b.id],
      ),
    ).rejects.toMatchObject({ constraint: 'inquiries_merged_into_one_that_goes_on' });
  });

  it('of what is over or spam is refused by name', async () => {
    const [source, over, spam] = [await record(), await record(), await record()];
    await post(`/${over.id}/take`);
    for (const step of ['resolve', 'close']) await post(`/${over.id}/${step}`);
    await post(`/${spam.id}/spam`);
    for (const target of [over, spam])
      expect((await merge(source, target)).body).toMatchObject({ status: 409, code: 'inquiry_not_mergeable' });
    for (const one of [over, spam])
      expect((await merge(one, source)).body).toMatchObject({ status: 409, code: 'invalid_transition', to: 'merged' });
  });

  it('needs both within reach, and takes the version that was seen', async () => {
    const [source, target] = [await record(), await record()];
    const reader = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:update_own'] });
    expect((await post(`/${source.id}/merge`, { into: target.id }, reader)).body).toMatchObject({ status: 403 });
    const stranger = await signIn(slice, { grants: ['inquiries:read_own', 'inquiries:update_own'] });
    expect((await post(`/${source.id}/merge`, { into: target.id }, stranger)).status).toBe(404);
    const stale = await post(`/${source.id}/merge`, { into: target.id }, mira, { 'if-match': '"7"' });
    expect(stale.body).toMatchObject({ status: 412, current: 1 });
  });

  it('of two into each other at once, and of one into two, is won by one', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b, c] = [await record(), await record(), await record()];
      const mutual = await Promise.all([merge(a, b), merge(b, a)]);
      expect(mutual.map(({ status }) => status).sort()).toEqual([200, 409]);
      const [left, right] = await Promise.all([merge(c, a), merge(c, b)]);
      expect([left.status, right.status].sort()).toEqual([200, 409]);
    }
  });

  it('of ten into one at once succeeds for all', async () => {
    const target = await record();
    const sources = await Promise.all(Array.from({ length: 10 }, () => record()));
    const answers = await Promise.all(sources.map((source) => merge(source, target)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(await said(target)).toHaveLength(11);
  });

  it('and taking it back at once ends in one of both', async () => {
    const [a, b] = [await record(), await record()];
    await merge(a, b);
    const answers = await Promise.all([1, 2, 3].map(() => post(`/${a.id}/unmerge`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await get(`/${a.id}`)).body.status).toBe('new');
  });

  it('lets an answer that is on its way stand where it goes on, and holds back what nobody saw whole', async () => {
    const [source, target] = [await record(), await record()];
    const facade = slice.get(InquiriesFacade);
    const seen = () => slice.as(mira.actor, () => facade.customerMessagesIn(source.id));
    expect(await seen()).toBe(1);
    await merge(source, target);
    expect(await seen()).toBe(2);
    await expect(slice.as(mira.actor, () => facade.assertAnswerable(mira.actor, source.id))).rejects.toMatchObject({
      code: 'inquiry_merged',
    });
    const answer = {
      ...{ responseId: newId(), messageId: `<${newId()}@nexus.example>`, subject: 'Re', body: 'Monday.' },
      ...{ authorId: mira.userId, at: NOW },
    };
    const answered = () => slice.as(mira.actor, () => slice.db.transaction(() => facade.answered(source.id, answer)));
    await answered();
    await answered();
    expect(await said(target)).toHaveLength(3);
    expect((await get(`/${target.id}`)).body).toMatchObject({ status: 'pending_customer' });
    expect((await get(`/${source.id}`)).body).toMatchObject({ status: 'merged', firstRespondedAt: null });
    const thread = await slice.as(mira.actor, () => facade.threadOf(source.id));
    expect(thread).toMatchObject({ number: target.number, reference: target.reference });
    await post(`/${source.id}/unmerge`);
    expect(await seen()).toBe(1);
  });

  it('leaves a question that is open in the one open in the other, until it is taken back', async () => {
    const facade = slice.get(InquiriesFacade);
    const answer = (id: string) => ({
      ...{ responseId: newId(), messageId: `<${newId()}@nexus.example>`, subject: 'Re', body: 'Monday.' },
      ...{ authorId: mira.userId, at: clock.now(), id },
    });
    for (const over of [false, true]) {
      clock.set(NOW);
      const [source, target] = [await record('First.'), await record('Second.')];
      clock.set(new Date(NOW.getTime() + 60_000));
      await slice.as(mira.actor, () => slice.db.transaction(() => facade.answered(target.id, answer(target.id))));
      if (over) await post(`/${target.id}/resolve`);
      await merge(source, target);
      expect((await get(`/${target.id}`)).body).toMatchObject({ status: 'open', reopenCount: Number(over) });
      expect(await clocksOf(target)).toContainEqual(
        expect.objectContaining({ kind: 'next_response', state: 'running', stopped_at: null }),
      );
      await post(`/${source.id}/unmerge`);
      expect((await rowOf(target)).awaits_answer_since).toBeNull();
      const open = (await clocksOf(target)).filter(({ stopped_at: stopped }) => stopped === null);
      expect(open.map(({ kind }) => kind as string)).toEqual(['resolution']);
    }
  });

  it('opens nothing for what was answered already, or waits for its customer', async () => {
    const [source, target] = [await record(), await record()];
    for (const { id } of [source, target])
      await slice.http('PATCH', `/api/v1/inquiries/${id}/status`, {
        token: mira.token,
        body: { status: 'pending_customer' },
      });
    await merge(source, target);
    expect((await get(`/${target.id}`)).body.status).toBe('pending_customer');
  });

  it('is taken back by whoever may change both, and though the other is in the trash', async () => {
    const clerk = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:update_own', 'inquiries:take'] });
    const [source, target] = [await record(), await record()];
    await post(`/${source.id}/assign`, { assignedTo: clerk.userId });
    await merge(source, target);
    expect((await post(`/${source.id}/unmerge`, undefined, clerk)).body).toMatchObject({ status: 403 });
    expect((await get(`/${source.id}`)).body.status).toBe('merged');
    await slice.http('DELETE', `/api/v1/inquiries/${target.id}`, { token: mira.token });
    expect((await post(`/${source.id}/unmerge`, undefined, clerk)).body).toMatchObject({ status: 'open' });
  });

  it('of a chain at once leaves one link of it', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b, c] = [await record(), await record(), await record()];
      const answers = await Promise.all([merge(a, b), merge(b, c)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });

  it('while the customer writes loses no message and opens no second inquiry', async () => {
    for (let round = 0; round < 10; round++) {
      const [source, target] = [await record('First.'), await record('Second.')];
      const hold = () => slice.get(ConversationService).hold(source.id);
      const mail = slice.as(mira.actor, () =>
        slice.db.transaction(async () => {
          const home = await hold();
          return slice.get(ConversationService).receive(home!.id, { body: 'Third.', at: clock.now() });
        }),
      );
      const [merged] = await Promise.all([merge(source, target), mail]);
      expect(merged.status).toBe(200);
      expect((await said(target)).sort()).toEqual(['First.', 'Second.', 'Third.']);
      expect((await rowOf(target)).awaits_answer_since).not.toBeNull();
    }
  });

  it('is on record for both', async () => {
    const [source, target] = [await record(), await record()];
    await merge(source, target);
    await post(`/${source.id}/unmerge`);
    const { rows } = await slice.superuser.query<{ action: string; after: object; actor_id: string }>(
      `select action, after, actor_id from audit_log where entity = 'inquiries' and entity_id = $1 and action in ('joined', 'parted') order by id`,
      [target.id],
    );
    expect(rows).toEqual([
      { action: 'joined', after: { mergedFrom: source.id }, actor_id: mira.userId },
      { action: 'parted', after: { unmerged: source.id }, actor_id: mira.userId },
    ]);
    const told = await slice.superuser.query<{ type: string }>(
      `select type from outbox where payload->>'inquiryId' = $1 and type in ('inquiries.merged', 'inquiries.unmerged')`,
      [source.id],
    );
    expect(told.rows.map(({ type }) => type).sort()).toEqual(['inquiries.merged', 'inquiries.unmerged']);
  });

  it('gives what was with somebody who left to nobody', async () => {
    const leaver = await signIn(slice, { grants: ['inquiries:read_own', 'inquiries:take'] });
    const [source, target] = [await record(), await record()];
    await post(`/${source.id}/assign`, { assignedTo: leaver.userId });
    await merge(source, target);
    await slice.superuser.query(`set app.actor_id = '${mira.userId}'`);
    await slice.superuser.query(`update users set status = 'deactivated' where id = $1`, [leaver.userId]);
    expect((await post(`/${source.id}/unmerge`)).body).toMatchObject({ status: 'open', assignedTo: null });
  });
});
