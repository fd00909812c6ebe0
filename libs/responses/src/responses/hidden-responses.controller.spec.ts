import { auditContext } from '@app/audit';
import { type SignedIn, signIn } from '@app/auth/testing';
import { TestSmtpServer } from '@app/messaging/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anInquiry, callsOf, deskContexts, everything } from '../testing/desk.js';

const SECRET = /severance|Where is my order|customer\.example|settled/i;
const READS = ['responses:read_all', 'inquiries:read_all', 'approvals:read_all', 'messages:read', 'audit:read'];

/** An API and a worker beside it. */
describe('An answer in a thread that is not for all', () => {
  let smtp: TestSmtpServer;
  let [slice, worker]: Slice[] = [];
  let [author, manager, outsider]: SignedIn[] = [];
  let inquiryId = '';

  beforeAll(async () => {
    smtp = await TestSmtpServer.start();
    const env = { RESPONSE_UNDO_SECONDS: '0', SMTP_URL: smtp.url };
    const contexts = [...deskContexts, auditContext];
    slice = await bootSlice({ contexts, env });
    worker = await bootSlice({
      contexts,
      app: 'worker',
      env,
      beside: { database: slice.database, config: slice.config },
    });
    author = await signIn(slice, { grants: [...everything, 'messages:read'] });
    manager = await signIn(slice, { grants: everything });
    outsider = await signIn(slice, { grants: [...READS, 'customers:read_all'] });
    await slice.superuser.query(`set session app.actor_id = '${author.userId}'`);
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
    await smtp.stop();
  });

  const { call, post } = callsOf(() => ({ slice: slice!, author: author!, manager: manager! }));
  const restrict = async (visibility = 'participants') => {
    const { body } = await call('GET', `/inquiries/${inquiryId}/messages`);
    const [first] = body.data as { id: string }[];
    return call('PUT', `/inquiries/${inquiryId}/messages/${first!.id}/visibility`, { visibility });
  };
  const drafted = async (): Promise<string> => {
    const text = { inquiryId, message: 'The severance is settled.' };
    return ((await call('POST', '/responses', text)).body as { id: string }).id;
  };
  const statusFor = async (path: string, who: SignedIn) => (await call('GET', path, undefined, who)).status;
  const told = async (path: string, who = outsider!): Promise<string> => {
    const answer = await call('GET', path, undefined, who);
    expect(answer.status).toBe(200);
    return JSON.stringify(answer.body);
  };

  it('is read by whoever wrote it, and by who decides while it waits, and by nobody else who reads the inquiry', async () => {
    inquiryId = await anInquiry(slice!, { assignedTo: author!.userId });
    await restrict();
    const id = await drafted();
    const seen = () => Promise.all([author!, manager!, outsider!].map((who) => statusFor(`/responses/${id}`, who)));
    expect(await seen()).toEqual([200, 404, 404]);
    expect(await told(`/responses?inquiryId=${inquiryId}`)).toContain('"data":[]');
    for (const part of ['revisions', 'history', 'approvals'])
      expect([part, await statusFor(`/responses/${id}/${part}`, outsider!)]).toEqual([part, 404]);
    await post(id, 'submit', {});
    expect(await seen()).toEqual([200, 200, 404]);
    await post(id, 'recall', {});
    expect(await seen()).toEqual([200, 404, 404]);
  });

  it('leaves as narrow as its thread, is read by all who had a hand in it, and is told to nobody else', async () => {
    inquiryId = await anInquiry(slice!, { assignedTo: author!.userId });
    const id = await drafted();
    await post(id, 'submit', {}); // its title names the subject, which everybody may read so far
    expect(await told(`/approvals?subjectId=${id}`)).toMatch(/Where is my order/);
    await restrict();
    expect(await told(`/approvals?subjectId=${id}`)).toMatch(/"title":null.*"hidden":true/);
    await post(id, 'approve', { revision: 1, approvalNotes: 'Settled, then.' }, manager);
    await post(id, 'send', { revision: 1 });
    await expect
      .poll(async () => (await call('GET', `/responses/${id}`)).body.status, { timeout: 15_000 })
      .toBe('sent');
    await worker!.settled();
    const messages = async (who: SignedIn) =>
      (await call('GET', `/inquiries/${inquiryId}/messages?direction=out`, undefined, who)).body.data[0] as object;
    expect(await messages(outsider!)).toMatchObject({ visibility: 'participants', hidden: true, body: null });
    expect(await messages(manager!)).toMatchObject({ hidden: false, body: 'The severance is settled.' });
    await call('POST', `/inquiries/${inquiryId}/assign`, { assignedTo: null });
    expect(await messages(author!)).toMatchObject({ hidden: false });
    expect([await statusFor(`/responses/${id}`, manager!), await statusFor(`/responses/${id}`, outsider!)]).toEqual([
      200, 404,
    ]);
    const mails = `/messages?aboutId=${id}`;
    const mail = (await call('GET', mails)).body.data[0] as { id: string };
    expect(mail).toMatchObject({ hidden: false, subject: expect.stringContaining('Where is my order?') });
    for (const path of [mails, `/messages/${mail.id}`, '/audit?entity=messages', '/audit?entity=approval_requests'])
      expect([path, SECRET.exec(await told(path))?.[0]]).toEqual([path, undefined]);
    await slice!.superuser.query('update responses set failure_reason = $2 where id = $1', [
      ...[id, '550 5.1.1 <grace@customer.example> is unknown'],
    ]);
    for (const entity of ['responses', 'inquiry_messages', 'inquiries'])
      expect([entity, SECRET.exec(await told(`/audit?entity=${entity}&actorId=${author!.userId}`))?.[0]]).toEqual([
        entity,
        undefined,
      ]);
    expect(smtp.received.at(-1)?.text.trim()).toBe('The severance is settled.');
  });

  it('is written by nobody who does not read what they answer', async () => {
    inquiryId = await anInquiry(slice!);
    await restrict();
    const other = await signIn(slice!, { grants: everything });
    const text = { inquiryId, message: 'Blindly.' };
    expect(await call('POST', '/responses', text, other)).toMatchObject({
      status: 403,
      body: { code: 'message_hidden' },
    });
    expect((await call('POST', '/responses', text)).status).toBe(201);
  });

  it('is for all again once its message is', async () => {
    inquiryId = await anInquiry(slice!, { assignedTo: author!.userId });
    await restrict();
    const id = await drafted();
    expect(await statusFor(`/responses/${id}`, outsider!)).toBe(404);
    await restrict('all');
    expect(await statusFor(`/responses/${id}`, outsider!)).toBe(200);
  });
});
