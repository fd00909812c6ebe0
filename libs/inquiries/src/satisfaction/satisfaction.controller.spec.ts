import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InquiryStatusService } from '../inquiries/inquiry-status.service.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';
import { SatisfactionService } from './satisfaction.service.js';
import { SURVEY_LIFE_MS } from './survey.entity.js';

const NOW = new Date('2031-03-03T10:00:00Z'); // no timer comes due while a test runs
const URL = 'https://desk.example/survey?token={token}';
const DESK = [
  ...['inquiries:read_all', 'inquiries:update_all', 'inquiries:create', 'inquiries:take', 'customers:read_all'],
  ...['sla-policies:read', 'sla-policies:manage'],
];

/** An API, and a worker's services beside it. */
describe('A customer whose inquiry was resolved', () => {
  let [api, worker]: Slice[] = [];
  let clerk: SignedIn;
  let [address, id] = ['', ''];
  const clock = new FixedClock(NOW);

  beforeAll(async () => {
    api = await bootSlice({ contexts: inquiriesContexts, clock });
    const beside = { database: api.database, config: api.config };
    worker = await bootSlice({ contexts: inquiriesContexts, app: 'worker', clock, beside });
    clerk = await signIn(api, { grants: DESK });
  });
  beforeEach(async () => {
    clock.set(NOW);
    await worker!.settled();
    await api!.empty('inquiries', 'messages', 'outbox', 'inquiry_settings');
    address = `grace-${Math.random().toString(36).slice(2)}@navy.example`;
    const customerId = await as(() => aKnownCustomer(api!, address));
    id = (await call('POST', '/inquiries', { customerId, subject: 'Where?', message: 'Late.' })).body.id;
    await call('POST', `/inquiries/${id}/take`);
    expect((await call('PATCH', '/inquiry-settings', { satisfactionUrl: URL })).status).toBe(200);
  });
  afterAll(async () => {
    await worker!.close();
    await api!.close();
  });

  const as = <T>(work: () => Promise<T>): Promise<T> => api!.as(clerk.actor, work);
  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown) =>
    api!.http(method, `/api/v1${path}`, { token: clerk.token, body });
  const open = (method: 'GET' | 'POST', token: string, body?: unknown) =>
    api!.http(method, `/api/v1/csat/${token}`, { body });
  const resolve = () => call('POST', `/inquiries/${id}/resolve`);
  const ask = (resolvedAt = NOW) => worker!.as(clerk.actor, () => worker!.get(SatisfactionService).ask(id, resolvedAt));
  const mails = async () =>
    (
      await api!.superuser.query<{ to: string; text: string; is_confidential: boolean }>(
        `select recipients->'to'->0->>'address' as to, text, is_confidential from messages where about_kind = 'inquiries.satisfaction'`,
      )
    ).rows;
  const tokenOf = async (): Promise<string> => {
    await resolve();
    await ask();
    const [, token = ''] = /token=([\w-]{43})\n/.exec((await mails())[0]!.text) ?? [];
    return token;
  };

  it('is asked once, an hour later, by a link that only its mail knows', async () => {
    await resolve();
    const { rows } = await api!.superuser.query<{ run_at: Date; resolved: string }>(
      `select run_at, payload->>'resolvedAt' as resolved from outbox where type = 'inquiries.ask-satisfaction'`,
    );
    expect(rows).toEqual([{ run_at: new Date('2031-03-03T11:00:00Z'), resolved: NOW.toISOString() }]);
    await Promise.all([1, 2, 3].map(() => ask()));
    const [mail, ...more] = await mails();
    expect([mail, more]).toMatchObject([{ to: address, is_confidential: true }, []]);
    const { rows: kept } = await api!.superuser.query<{ token: string }>(
      `select to_jsonb(s)::text as token from satisfaction_surveys s`,
    );
    const [, token = ''] = /token=([\w-]{43})\n/.exec(mail!.text) ?? [];
    expect(token).toHaveLength(43);
    expect(kept[0]!.token).not.toContain(token);
  });

  it('answers once, without a login, of all who try at once', async () => {
    const token = await tokenOf();
    expect((await open('GET', token)).body).toMatchObject({ isAnswered: false });
    const answers = await Promise.all([5, 4, 3].map((score) => open('POST', token, { score, comment: 'Kind.' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'survey_answered' });
    expect((await open('GET', token)).body).toMatchObject({ isAnswered: true });
    const { body } = await call('GET', `/inquiries/${id}/satisfaction`);
    expect(body).toMatchObject({ comment: 'Kind.', askedAt: NOW.toISOString(), answeredAt: NOW.toISOString() });
    const { rows } = await api!.superuser.query(`select payload from outbox where type = 'inquiries.rated'`);
    expect(rows).toEqual([{ payload: { inquiryId: id, score: body.score } }]);
  });

  it('needs a link that is theirs, whole and not too old', async () => {
    const token = await tokenOf();
    const unknown = { status: 404, code: 'survey_unknown' };
    expect((await open('GET', 'nothing')).body).toMatchObject(unknown);
    expect(
      (
        await open(
          'POST',
          token.replace(/./, (first) => (first === 'A' ? 'B' : 'A')),
          { score: 5 },
        )
      ).body,
    ).toMatchObject(unknown);
    for (const score of [0, 6, 2.5, '5']) expect((await open('POST', token, { score })).status).toBe(400);
    clock.set(new Date(NOW.getTime() + SURVEY_LIFE_MS + 1));
    expect((await open('GET', token)).body).toMatchObject(unknown);
    expect((await open('POST', token, { score: 5 })).body).toMatchObject(unknown);
  });

  it('is not asked about what was opened again, nor where the tenant asks nobody', async () => {
    await resolve();
    await call('POST', `/inquiries/${id}/reopen`);
    await ask();
    await as(() => api!.get(InquiryStatusService).resolve(id));
    await ask(new Date('2031-03-03T09:00:00Z'));
    await call('PATCH', '/inquiry-settings', { satisfactionUrl: null });
    await ask();
    expect(await mails()).toEqual([]);
    expect((await call('GET', `/inquiries/${id}/satisfaction`)).body).toMatchObject({ askedAt: null, score: null });
    for (const satisfactionUrl of ['http://desk.example/{token}', 'https://desk.example/', 'javascript:{token}'])
      expect((await call('PATCH', '/inquiry-settings', { satisfactionUrl })).status).toBe(400);
  });
});
