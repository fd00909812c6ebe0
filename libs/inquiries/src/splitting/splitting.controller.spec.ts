import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { MailIntake } from '@app/mail';
import { aRawMail } from '@app/mail/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConversationService, type Received } from '../conversation/conversation.service.js';
import { InquiriesFacade } from '../inquiries.facade.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const NOW = new Date('2031-03-03T10:00:00Z'); // no timer comes due while a test runs
const YESTERDAY = new Date('2031-03-02T10:00:00Z');
const GRANTS = [
  'inquiries:read_all',
  'inquiries:create',
  'inquiries:update_all',
  'inquiries:take',
  'customers:read_all',
];

describe('Splitting an inquiry', () => {
  let slice: Slice;
  let mira: SignedIn;
  let customerId: string;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, clock: new FixedClock(NOW) });
    mira = await signIn(slice, { grants: GRANTS });
    customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
  });
  afterAll(() => slice.close());

  const post = (path: string, body: unknown = {}, { token } = mira) =>
    slice.http('POST', `/api/v1/inquiries${path}`, { token, body });
  const get = (path: string) => slice.http('GET', `/api/v1/inquiries${path}`, { token: mira.token });
  const record = async () => {
    const question = { customerId, subject: 'Where is my order?', message: 'It was due on Friday.', priority: 'high' };
    return (await post('', { ...question, category: 'delivery', channel: 'phone' })).body as { id: string };
  };
  const write = (id: string, over: Partial<Received> = {}) =>
    slice.as(mira.actor, () =>
      slice.get(ConversationService).receive(id, { body: 'And my invoice?', at: YESTERDAY, ...over }),
    );
  const attachments = [
    { mailId: newId(), attachmentId: newId(), filename: 'invoice.pdf', mimeType: 'application/pdf', size: 3 },
  ];

  it('makes an inquiry of a message, with its words and files, and leaves the message where it is', async () => {
    const { id } = await record();
    const message = await write(id, {
      ...{ attachments, html: '<p>And my invoice?</p>', subject: 'Invoice', messageId: '<second@example.org>' },
      ...{ authorName: 'Bob', authorAddress: 'bob@example.org' },
    });
    const { status, body, headers } = await post(`/${id}/messages/${message.id}/split`);
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/inquiries/${body.id}`);
    expect(body).toMatchObject({
      ...{ status: 'new', subject: 'Invoice', message: 'And my invoice?', splitFrom: id, customerId },
      ...{ priority: 'high', category: 'delivery', channel: 'phone', version: 1, followUpOf: null },
      ...{ lastCustomerMessageAt: YESTERDAY.toISOString(), customerMessageCount: 1, createdBy: mira.userId },
    });
    expect(body.dueAt > NOW.toISOString()).toBe(true);
    expect((await get(`/${body.id}`)).body).toEqual(body);
    const { body: made } = await get(`/${body.id}/messages`);
    expect(made.data).toMatchObject([
      {
        ...{ seq: 1, direction: 'in', body: 'And my invoice?', html: '<p>And my invoice?</p>', attachments },
        ...{ authorName: 'Bob', authorAddress: 'bob@example.org', at: YESTERDAY.toISOString(), mailId: null },
      },
    ]);
    expect((await get(`/${id}/messages`)).body.data).toHaveLength(2);
    expect((await get(`?splitFrom=${id}`)).body.data).toMatchObject([{ id: body.id }]);
    const thread = await slice.as(mira.actor, () => slice.get(InquiriesFacade).threadOf(body.id));
    expect(thread).toMatchObject({ inReplyTo: '<second@example.org>', to: { address: 'bob@example.org' } });
    const { rows } = await slice.superuser.query(
      `select payload from outbox where type = 'inquiries.split' and payload->>'inquiryId' = $1`,
      [id],
    );
    expect(rows).toEqual([{ payload: { inquiryId: id, messageId: message.id, into: body.id } }]);
  });

  it('takes the subject that is given, else the inquiry’s', async () => {
    const { id } = await record();
    const [one, other] = [await write(id), await write(id)];
    expect((await post(`/${id}/messages/${one.id}/split`, { subject: 'Invoice 7' })).body.subject).toBe('Invoice 7');
    expect((await post(`/${id}/messages/${other.id}/split`)).body.subject).toBe('Where is my order?');
  });

  it('makes one inquiry of a message, however many try at once', async () => {
    const { id } = await record();
    const message = await write(id);
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(`/${id}/messages/${message.id}/split`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'message_already_split' });
    expect((await get(`?splitFrom=${id}`)).body.meta.total).toBe(1);
  });

  it('is of what the customer wrote, in this inquiry, and within reach', async () => {
    const { id } = await record();
    const { body: note } = await post(`/${id}/notes`, { body: 'Hm.' });
    const absence = await write(id, { isAutomatic: true });
    for (const message of [note.id as string, absence.id])
      expect((await post(`/${id}/messages/${message}/split`)).body).toMatchObject({
        status: 422,
        code: 'not_of_the_customer',
      });
    const elsewhere = await write((await record()).id);
    expect((await post(`/${id}/messages/${elsewhere.id}/split`)).status).toBe(404);
    const reader = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:update_own'] });
    const message = await write(id);
    expect((await post(`/${id}/messages/${message.id}/split`, {}, reader)).status).toBe(403);
    expect((await post(`/${id}/messages/${message.id}/split`, { subject: 'two\nlines' })).status).toBe(400);
  });

  it('lets whoever reads what was split off read its mail, and no other', async () => {
    const { id } = await record();
    const clerk = await signIn(slice, { grants: ['inquiries:read_own', 'mail:read_team'] });
    const taken = await slice.as(mira.actor, async () => [
      await slice.get(MailIntake).take(aRawMail({ messageId: `<${newId()}@example.org>` })),
      await slice.get(MailIntake).take(aRawMail({ messageId: `<${newId()}@example.org>` })),
    ]);
    const [mailId, other] = taken.map((mail) => mail.id);
    await slice.superuser.query(`set app.actor_id = '${mira.userId}'`);
    await slice.superuser.query('update mails set inquiry_id = $1 where id = any ($2)', [id, [mailId, other]]);
    const message = await write(id, { mailId });
    await write(id, { mailId: other });
    const { body: made } = await post(`/${id}/messages/${message.id}/split`);
    const seen = async (mail: string | undefined) =>
      (await slice.http('GET', `/api/v1/mail/messages/${mail}/raw`, { token: clerk.token })).status;
    expect([await seen(mailId), await seen(other)]).toEqual([404, 404]);
    await slice.superuser.query('update inquiries set assigned_to = $1 where id = $2', [clerk.userId, made.id]);
    expect([await seen(mailId), await seen(other)]).toEqual([200, 404]);
  });

  it('is of whoever wrote, where another customer’s inquiry was merged', async () => {
    const other = await slice.as(mira.actor, () => aKnownCustomer(slice));
    const target = await record();
    const { body: source } = await post('', { customerId: other, subject: 'Mine', message: 'Where is mine?' });
    const message = await write(source.id as string);
    await post(`/${source.id}/merge`, { into: target.id });
    expect((await post(`/${target.id}/messages/${message.id}/split`)).body).toMatchObject({ customerId: other });
  });

  it('takes a wrong merge apart: also what was written in the inquiry that was merged', async () => {
    const [source, target] = [await record(), await record()];
    const message = await write(source.id);
    expect((await post(`/${source.id}/merge`, { into: target.id })).status).toBe(200);
    expect((await post(`/${source.id}/messages/${message.id}/split`)).body).toMatchObject({ code: 'inquiry_merged' });
    expect((await post(`/${target.id}/messages/${message.id}/split`)).body).toMatchObject({ splitFrom: target.id });
  });
});
