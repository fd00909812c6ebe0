import { newId } from '@app/kernel';
import { anActor, bootSlice, OTHER_TENANT, type Slice, TokenDoorModule, tokenOf } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { messagingContext, MessagePermissions, Messaging, type OutgoingMail, SuppressionPermissions } from './index.js';
import { aMail } from './testing.js';

const MESSAGES = '/api/v1/messages';
const SUPPRESSIONS = '/api/v1/suppressions';

const ada = anActor([...Object.values(MessagePermissions), ...Object.values(SuppressionPermissions)]);
const reader = anActor([MessagePermissions.read, SuppressionPermissions.read]);
const nobody = anActor();
const stranger = anActor(Object.values(MessagePermissions), { tenantId: OTHER_TENANT });

describe('The API of messaging', () => {
  let slice: Slice;
  const token = tokenOf(ada);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [messagingContext], app: 'api', modules: [TokenDoorModule] });
  });
  afterAll(() => slice?.close());
  beforeEach(() => slice.empty('messages', 'suppressions', 'outbox', 'deliveries'));

  const send = (over: Partial<OutgoingMail> = {}) => slice.as(ada, () => slice.get(Messaging).send(aMail(over)));
  const put = (id: string, state: string) =>
    slice.superuser.query(
      `with who as materialized (select set_config('app.actor_id', $3, true))
       update messages set state = $2, sent_at = case $2 when 'sent' then now() end, call_started_at = now() from who where id = $1`,
      [id, state, ada.id],
    );
  const jobs = async () =>
    (await slice.superuser.query("select payload->>'messageId' as id from outbox where kind = 'job'")).rows;

  describe('messages', () => {
    it('lists what was sent, without its text', async () => {
      const { id, messageId } = await send();
      const { status, body } = await slice.http('GET', MESSAGES, { token });
      expect(status).toBe(200);
      expect(body.meta.total).toBe(1);
      expect(body.data).toMatchObject([
        { id, messageId, state: 'queued', to: [{ address: 'asha@example.com', name: 'Asha Rao' }], cc: [] },
      ]);
      expect(body.data[0]).not.toHaveProperty('text');
    });

    it('filters by state, purpose, record and time', async () => {
      const about = { kind: 'invitation', id: newId() };
      const [one, other] = [await send({ about }), await send()];
      await put(other.id, 'unknown');
      for (const [query, ids] of [
        ['state=unknown', [other.id]],
        ['state[ne]=unknown', [one.id]],
        [`aboutKind=invitation&aboutId=${about.id}`, [one.id]],
        ['purpose=marketing', []],
        ['createdAt[gt]=2100-01-01', []],
        ['sort=createdAt&limit=1', [one.id]],
      ] as const) {
        const { body } = await slice.http('GET', `${MESSAGES}?${query}`, { token });
        expect(
          body.data.map(({ id }: { id: string }) => id),
          query,
        ).toEqual(ids);
      }
    });

    it('refuses a filter it does not know by name', async () => {
      const { status, body } = await slice.http('GET', `${MESSAGES}?text=secret`, { token });
      expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid_query', 'query/text']);
    });

    it('shows one with its text, receipts and version', async () => {
      const { id } = await send({ html: '<p>Thanks</p>', references: ['<q@example.org>'] });
      const { status, body, headers } = await slice.http('GET', `${MESSAGES}/${id}`, { token });
      expect(status).toBe(200);
      expect(headers.etag).toBe('"1"');
      expect(body).toMatchObject({
        id,
        text: 'Thank you for writing to us.',
        html: '<p>Thanks</p>',
        references: ['<q@example.org>'],
        receipts: [],
      });
    });

    it('never shows a confidential text', async () => {
      const { id } = await send({ confidential: true, text: 's3cr3t', html: 's3cr3t' });
      const { body } = await slice.http('GET', `${MESSAGES}/${id}`, { token });
      expect(body).toMatchObject({ isConfidential: true, text: null, html: null });
    });

    it('hides another tenant’s message as one that does not exist', async () => {
      const { id } = await send();
      const theirs = tokenOf(stranger);
      expect((await slice.http('GET', `${MESSAGES}/${id}`, { token: theirs })).status).toBe(404);
      expect((await slice.http('POST', `${MESSAGES}/${id}/cancel`, { token: theirs })).status).toBe(404);
      expect((await slice.http('GET', MESSAGES, { token: theirs })).body.data).toEqual([]);
    });

    it('cancels one that is queued, once', async () => {
      const { id } = await send();
      const first = await slice.http('POST', `${MESSAGES}/${id}/cancel`, { token });
      expect([first.status, first.body.state, first.headers.etag]).toEqual([200, 'cancelled', '"2"']);
      const second = await slice.http('POST', `${MESSAGES}/${id}/cancel`, { token });
      expect([second.status, second.body.code]).toEqual([409, 'invalid_transition']);
    });

    it('cancels only the version that was seen', async () => {
      const { id } = await send();
      const { status, body } = await slice.http('POST', `${MESSAGES}/${id}/cancel`, {
        token,
        headers: { 'if-match': '"7"' },
      });
      expect([status, body.code]).toEqual([412, 'version_conflict']);
    });

    it.each(['failed', 'unknown', 'suppressed'])('retries one that is %s under the same Message-ID', async (state) => {
      const { id, messageId } = await send();
      await put(id, state);
      const { status, body } = await slice.http('POST', `${MESSAGES}/${id}/retry`, { token });
      expect(status).toBe(200);
      expect(body).toMatchObject({ state: 'queued', messageId, attempts: 0 });
      expect(await jobs()).toEqual([{ id }, { id }]);
    });

    it.each(['queued', 'sent', 'cancelled'])('does not retry one that is %s', async (state) => {
      const { id } = await send();
      await put(id, state);
      const { status, body } = await slice.http('POST', `${MESSAGES}/${id}/retry`, { token });
      expect([status, body.code]).toEqual([409, 'invalid_transition']);
      expect(await jobs()).toHaveLength(1);
    });

    it.each(['sent', 'failed'])('resolves one that is unknown as %s', async (outcome) => {
      const { id } = await send();
      await put(id, 'unknown');
      const { status, body } = await slice.http('POST', `${MESSAGES}/${id}/resolve`, { token, body: { outcome } });
      expect([status, body.state]).toEqual([200, outcome]);
      const { rows } = await slice.superuser.query("select type from outbox where kind = 'event'");
      expect(rows).toEqual([{ type: `messaging.message-${outcome}` }]);
    });

    it('resolves only what is unknown, and only to an end', async () => {
      const { id } = await send();
      expect((await slice.http('POST', `${MESSAGES}/${id}/resolve`, { token, body: { outcome: 'sent' } })).status).toBe(
        409,
      );
      expect(
        (await slice.http('POST', `${MESSAGES}/${id}/resolve`, { token, body: { outcome: 'queued' } })).status,
      ).toBe(400);
    });
  });

  describe('suppressions', () => {
    const suppression = { address: 'Asha@EXAMPLE.com', reason: 'manual', note: 'Asked us by phone' };

    it('takes an address once per reason, in one spelling', async () => {
      const { status, body, headers } = await slice.http('POST', SUPPRESSIONS, { token, body: suppression });
      expect(status).toBe(201);
      expect(headers.location).toBe(`${SUPPRESSIONS}/${body.id}`);
      expect(body).toMatchObject({
        address: 'asha@example.com',
        reason: 'manual',
        note: 'Asked us by phone',
        version: 1,
      });
      const again = await slice.http('POST', SUPPRESSIONS, {
        token,
        body: { ...suppression, address: 'asha@example.com' },
      });
      expect([again.status, again.body.code]).toEqual([409, 'already_suppressed']);
      expect(
        (await slice.http('POST', SUPPRESSIONS, { token, body: { ...suppression, reason: 'complaint' } })).status,
      ).toBe(201);
    });

    it('lists them', async () => {
      await slice.http('POST', SUPPRESSIONS, { token, body: suppression });
      const { body } = await slice.http('GET', `${SUPPRESSIONS}?address=asha@example.com&reason=manual`, { token });
      expect(body.data).toMatchObject([{ address: 'asha@example.com' }]);
    });

    it('lifts one', async () => {
      const { body } = await slice.http('POST', SUPPRESSIONS, { token, body: suppression });
      expect((await slice.http('DELETE', `${SUPPRESSIONS}/${body.id}`, { token })).status).toBe(204);
      expect((await slice.http('GET', `${SUPPRESSIONS}/${body.id}`, { token })).status).toBe(404);
      expect((await slice.http('DELETE', `${SUPPRESSIONS}/${body.id}`, { token })).status).toBe(404);
    });

    it.each([
      ['no address', { ...suppression, address: 'asha' }],
      ['a line break in the address', { ...suppression, address: 'asha@example.com\r\n' }],
      ['a reason nobody knows', { ...suppression, reason: 'dislike' }],
      ['a key nobody knows', { ...suppression, tenantId: OTHER_TENANT }],
    ])('refuses %s', async (_, body) => {
      expect((await slice.http('POST', SUPPRESSIONS, { token, body })).status).toBe(400);
    });
  });

  it.each([
    ['GET', MESSAGES],
    ['GET', `${MESSAGES}/${newId()}`],
    ['POST', `${MESSAGES}/${newId()}/cancel`],
    ['POST', `${MESSAGES}/${newId()}/retry`],
    ['POST', `${MESSAGES}/${newId()}/resolve`],
    ['GET', SUPPRESSIONS],
    ['GET', `${SUPPRESSIONS}/${newId()}`],
    ['POST', SUPPRESSIONS],
    ['DELETE', `${SUPPRESSIONS}/${newId()}`],
  ] as const)('%s %s is nobody’s without its permission', async (method, url) => {
    expect((await slice.http(method, url)).status).toBe(401);
    const { status, body } = await slice.http(method, url, { token: tokenOf(nobody) });
    expect([status, body.code]).toEqual([403, 'permission_missing']);
    if (method !== 'GET') expect((await slice.http(method, url, { token: tokenOf(reader) })).status).toBe(403);
  });
});
