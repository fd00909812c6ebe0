import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const NOW = new Date('2031-03-03T10:00:00Z'); // no timer comes due while a test runs
const GRANTS = [
  'inquiries:read_all',
  'inquiries:create',
  'inquiries:update_all',
  'inquiries:take',
  'customers:read_all',
];

describe('Snoozing an inquiry', () => {
  let slice: Slice;
  let mira: SignedIn;
  let customerId: string;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, clock: new FixedClock(NOW) });
    mira = await signIn(slice, { grants: GRANTS });
    customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
  });
  afterAll(() => slice.close());

  const post = (path: string, body?: unknown, { token } = mira, headers = {}) =>
    slice.http('POST', `/api/v1/inquiries${path}`, { token, body, headers });
  const get = (path: string) => slice.http('GET', `/api/v1/inquiries${path}`, { token: mira.token });
  const record = async () =>
    (await post('', { customerId, subject: 'Where is it?', message: 'Late.' })).body as { id: string };

  it('puts it off, and waking opens it', async () => {
    const { id } = await record();
    const until = '2031-03-04T08:00:00.000Z';
    const { status, body } = await post(`/${id}/snooze`, { until: '2031-03-04T09:00:00+01:00', note: 'Carrier' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'on_hold', holdReason: 'Carrier', snoozedUntil: until, version: 2 });
    expect((await get('?snoozedUntil[null]=false')).body.data).toMatchObject([{ id, snoozedUntil: until }]);
    const { rows } = await slice.superuser.query(
      `select run_at, payload from outbox where type = 'inquiries.wake-snoozed' and payload->>'inquiryId' = $1`,
      [id],
    );
    expect(rows).toEqual([{ run_at: new Date(until), payload: { inquiryId: id, due: until } }]);
    expect((await post(`/${id}/wake`)).body).toMatchObject({ status: 'open', snoozedUntil: null, holdReason: null });
    expect((await post(`/${id}/wake`)).body).toMatchObject({ status: 409, code: 'inquiry_not_snoozed' });
  });

  it('refuses what is no time to come, and what is over', async () => {
    const { id } = await record();
    for (const until of ['2031-03-03T10:00:00Z', '2032-03-10T10:00:00Z'])
      expect((await post(`/${id}/snooze`, { until })).body).toMatchObject({ status: 422, code: 'snooze_out_of_range' });
    for (const until of ['tomorrow', '2031-03-04', '2031-03-04T08:00:00', null])
      expect((await post(`/${id}/snooze`, { until })).status).toBe(400);
    await post(`/${id}/take`);
    await post(`/${id}/resolve`);
    const answer = await post(`/${id}/snooze`, { until: '2031-03-04T08:00:00Z' });
    expect(answer.body).toMatchObject({ status: 409, code: 'invalid_transition', from: 'resolved', to: 'on_hold' });
  });

  it('is for whoever may change it, and takes the version that was seen', async () => {
    const { id } = await record();
    const until = '2031-03-04T08:00:00Z';
    const reader = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:update_own'] });
    expect((await post(`/${id}/snooze`, { until }, reader)).status).toBe(403);
    expect((await post(`/${id}/snooze`, { until }, mira, { 'if-match': '"9"' })).status).toBe(412);
    const answers = await Promise.all(
      [1, 2, 3].map(() => post(`/${id}/snooze`, { until }, mira, { 'if-match': '"1"' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });
});
