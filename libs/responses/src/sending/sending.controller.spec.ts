import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anInquiry, callsOf, deskContexts, everything } from '../testing/desk.js';

describe('Sending over HTTP', () => {
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

  const { call, post, approved } = callsOf(() => ({ slice, author, manager }));

  it('schedules for an instant, and takes it back', async () => {
    const id = await approved();
    for (const sendAt of ['tomorrow', '2026-12-01', '2026-12-01T10:00:00', '+012026-12-01T10:00:00Z', 5]) {
      expect((await post(id, 'schedule', { revision: 1, sendAt })).status).toBe(400);
    }
    const past = { revision: 1, sendAt: '2020-01-01T00:00:00Z' };
    expect((await post(id, 'schedule', past)).body).toMatchObject({ status: 422, code: 'send_at_out_of_range' });
    const sendAt = new Date(clock.now().getTime() + 3_600_000).toISOString();
    expect((await post(id, 'schedule', { revision: 1, sendAt })).body).toMatchObject({ status: 'scheduled', sendAt });
    expect((await call('PATCH', `/responses/${id}`, { message: 'Late.' })).body).toMatchObject({
      code: 'invalid_transition',
    });
    expect((await post(id, 'unschedule')).body).toMatchObject({ status: 'approved', sendAt: null });
    expect((await post(id, 'unschedule')).status).toBe(409);
    expect((await post(id, 'cancel')).body).toMatchObject({ status: 409, code: 'nothing_to_cancel' });
  });

  it('discards what was not sent, for good', async () => {
    const id = await approved();
    expect((await post(id, 'discard')).body).toMatchObject({ status: 'discarded', sendAt: null });
    expect((await call('PATCH', `/responses/${id}`, { message: 'Late.' })).status).toBe(409);
  });

  it('fails at once when the customer has no e-mail address', async () => {
    const clerk = await signIn(slice, { grants: ['customers:create', 'customers:read_all'] });
    const card = { firstName: 'Asha', lastName: 'Rao', phone: '+4915112345678' };
    const customer = await call('POST', '/customers', card, clerk);
    const inquiryId = await anInquiry(slice, { customerId: customer.body.id });
    const { body } = await call('POST', '/responses', { inquiryId, message: 'It left this morning.' });
    await post(body.id, 'submit');
    await post(body.id, 'approve', { revision: 1 }, manager);
    expect((await post(body.id, 'send', { revision: 1 })).body).toMatchObject({
      status: 'failed',
      failureReason: 'The customer has no e-mail address',
    });
  });

  it('keeps the tenant’s way of sending', async () => {
    expect((await call('GET', '/response-settings')).body).toMatchObject({ sendsAutomatically: true, version: 0 });
    expect((await call('PUT', '/response-settings', { sendsAutomatically: false })).body).toMatchObject({
      sendsAutomatically: false,
      version: 1,
    });
    const stale = await call('PUT', '/response-settings', { sendsAutomatically: true }, author, { 'if-match': '"0"' });
    expect(stale.status).toBe(412);
    const id = await approved();
    expect((await call('GET', `/responses/${id}`)).body).toMatchObject({ status: 'approved', sendAt: null });
    expect((await call('PUT', '/response-settings', { sendsAutomatically: true })).body).toMatchObject({ version: 2 });
  });
});
