import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const GRANTS = ['inquiries:read_all', 'inquiries:create', 'inquiries:update_all', 'customers:read_all'];

describe('Links of inquiries', () => {
  let slice: Slice;
  let mira: SignedIn;
  let customerId: string;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    mira = await signIn(slice, { grants: GRANTS });
    customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
  });
  afterAll(() => slice.close());

  const call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1/inquiries${path}`, { token, body });
  const record = async () =>
    (await call('POST', '', { customerId, subject: 'Where is it?', message: 'Late.' })).body.id as string;
  const link = (id: string, targetId: string, kind = 'related', targetType = 'inquiry', as = mira) =>
    call('POST', `/${id}/links`, { kind, targetType, targetId }, as);
  const linksOf = async (id: string) => (await call('GET', `/${id}/links`)).body.data as object[];

  it('are seen from both sides, and taken back from either', async () => {
    const [a, b] = [await record(), await record()];
    const { status, body, headers } = await link(a, b, 'caused_by');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ kind: 'caused_by', direction: 'to', targetType: 'inquiry', targetId: b, isFixed: false },
      createdBy: mira.userId,
    });
    expect(headers['content-type']).toContain('json');
    expect(await linksOf(a)).toEqual([body]);
    expect(await linksOf(b)).toEqual([{ ...body, direction: 'from', targetId: a }]);
    expect((await call('DELETE', `/${b}/links/${body.id}`)).status).toBe(204);
    expect([await linksOf(a), await linksOf(b)]).toEqual([[], []]);
    expect((await call('DELETE', `/${b}/links/${body.id}`)).status).toBe(404);
    const { rows } = await slice.superuser.query<{ type: string }>(
      `select type from outbox where payload->>'inquiryId' = $1 and type like 'inquiries.%linked'`,
      [a],
    );
    expect(rows.map(({ type }) => type).sort()).toEqual(['inquiries.linked', 'inquiries.unlinked']);
  });

  it('are made once per pair and kind, from whichever side, however many try at once', async () => {
    const [a, b] = [await record(), await record()];
    const answers = await Promise.all([link(a, b), link(b, a), link(a, b), link(b, a)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'already_linked' });
    expect((await link(b, a, 'duplicate')).status).toBe(201);
    expect(await linksOf(a)).toHaveLength(2);
  });

  it('lead to customers too', async () => {
    const a = await record();
    expect((await link(a, customerId, 'related', 'customer')).status).toBe(201);
    expect((await link(a, customerId, 'related', 'customer')).body).toMatchObject({ code: 'already_linked' });
    expect(await linksOf(a)).toMatchObject([{ targetType: 'customer', targetId: customerId, direction: 'to' }]);
  });

  it('lead to nothing that is unknown, out of reach, or the inquiry itself', async () => {
    const [a, b] = [await record(), await record()];
    expect((await link(a, a)).body).toMatchObject({ status: 422, code: 'linked_to_itself' });
    expect((await link(a, a.toUpperCase())).body).toMatchObject({ status: 422, code: 'linked_to_itself' });
    for (const type of ['inquiry', 'customer']) expect((await link(a, newId(), 'related', type)).status).toBe(404);
    for (const [kind, type] of [
      ['split_from', 'inquiry'],
      ['related', 'order'],
    ] as const)
      expect((await link(a, b, kind, type)).status).toBe(400);
    const reader = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:update_own'] });
    expect((await link(a, b, 'related', 'inquiry', reader)).status).toBe(403);
    const own = await signIn(slice, { grants: ['inquiries:read_own', 'inquiries:update_all'] });
    expect((await link(a, b, 'related', 'inquiry', own)).status).toBe(404);
  });

  it('are not made from what is merged', async () => {
    const [a, b, c] = [await record(), await record(), await record()];
    await call('POST', `/${a}/merge`, { into: b });
    expect((await link(a, c)).body).toMatchObject({ status: 409, code: 'inquiry_merged', mergedInto: b });
  });

  it('tell of splits and follow-ups, which are not taken back', async () => {
    const a = await record();
    const [{ id: messageId }] = (await call('GET', `/${a}/messages`)).body.data as [{ id: string }];
    const { body: split } = await call('POST', `/${a}/messages/${messageId}/split`, {});
    expect(await linksOf(a)).toMatchObject([{ kind: 'split_from', direction: 'from', targetId: split.id }]);
    expect(await linksOf(split.id as string)).toMatchObject([
      { kind: 'split_from', direction: 'to', targetId: a, isFixed: true },
    ]);
    expect((await call('DELETE', `/${a}/links/${split.id}`)).status).toBe(404);
    const later = await record();
    await slice.superuser.query(`set app.actor_id = '${mira.userId}'`);
    await slice.superuser.query('update inquiries set follow_up_of = $1 where id = $2', [a, later]);
    expect(await linksOf(later)).toMatchObject([{ kind: 'follow_up', direction: 'to', targetId: a, isFixed: true }]);
    expect((await call('GET', `/${a}/links?kind=follow_up`)).body.data).toMatchObject([{ targetId: later }]);
  });
});
