import { auditContext } from '@app/audit';
import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { MailboxesService, MailIntake } from '@app/mail';
import { aRawMail } from '@app/mail/testing';
import { type ReceivedMail, TestSmtpServer } from '@app/messaging/testing';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inquiriesContexts, mergeInquiries } from '../testing.js';
import type { SideConversationView, SideMessageView } from './side-conversations.dto.js';

const DESK = [
  'inquiries:read_all',
  'inquiries:update_all',
  'inquiries:side_all',
  'customers:read_all',
  'mail:read_all',
];
const SUPPLIER = 'orders@supplier.example';
type Raw = NonNullable<Parameters<typeof aRawMail>[0]>;

/** An API and a worker beside it, with a mail server. */
describe('A side conversation', () => {
  let [api, worker]: Slice[] = [];
  let smtp: TestSmtpServer;
  let [clerk, max]: SignedIn[] = [];
  let [inquiryId, from, asked]: string[] = [];

  beforeAll(async () => {
    smtp = await TestSmtpServer.start();
    const env = { SMTP_URL: smtp.url };
    const contexts = [...inquiriesContexts, auditContext];
    api = await bootSlice({ contexts, env });
    const beside = { database: api.database, config: api.config };
    worker = await bootSlice({ contexts, app: 'worker', env, beside });
    clerk = await signIn(api, { grants: DESK, email: 'clerk@acme.example' });
    max = await signIn(api, { grants: DESK, email: 'max@acme.example' });
    await api.superuser.query(`set session app.actor_id = '${clerk.userId}'; set session app.actor_name = 'tester'`);
    await api.as(clerk.actor, async () => {
      const mailboxes = api!.get(MailboxesService);
      const support = { address: 'support@acme.example', name: 'Support', authServer: 'mx.acme.example' };
      await mailboxes.open({ ...support, signsReplyAddress: true });
      await mailboxes.open({ address: 'private@acme.example', name: 'Private', messageVisibility: 'participants' });
    });
  });
  beforeEach(async () => {
    [from, asked] = [`${newId()}@customer.example`, `<${newId()}@customer.example>`];
    const mailId = await arrive({ from: `Asha Rao <${from}>`, messageId: asked, subject: 'Where is my order?' });
    inquiryId = (await rows<{ id: string }>('select inquiry_id as id from mails where id = $1', [mailId]))[0]!.id;
    smtp.received.length = 0;
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
    await smtp?.stop();
  });

  const call = (method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown, who = clerk) =>
    api!.http(method, `/api/v1/${path}`, { token: who!.token, body });
  const rows = async <Row extends object>(text: string, params: unknown[] = []): Promise<Row[]> =>
    (await api!.superuser.query<Row>(text, params)).rows;
  async function arrive(raw: Raw): Promise<string> {
    const { id } = await api!.as(anActor(), () => api!.get(MailIntake).take(aRawMail(raw)));
    await worker!.settled();
    return id;
  }
  async function start(over: object = {}): Promise<SideConversationView> {
    const given = { subject: 'Spare part', recipients: [{ address: SUPPLIER }], body: 'When does it leave?', ...over };
    const { status, body } = await call('POST', `inquiries/${inquiryId}/side-conversations`, given);
    expect({ status, body }).toMatchObject({ status: 201 });
    await worker!.settled();
    return body as SideConversationView;
  }
  const view = async (id: string) => (await call('GET', `side-conversations/${id}`)).body as SideConversationView;
  const messagesOf = async (id: string, who = clerk) =>
    (await call('GET', `side-conversations/${id}/messages`, undefined, who)).body.data as SideMessageView[];
  const sentTo = (address: string): ReceivedMail[] =>
    smtp.received.filter(({ recipients }) => recipients.includes(address));
  const answering = (mail: ReceivedMail, over: Raw = {}): Raw => ({
    from: `Supplier <${SUPPLIER}>`,
    subject: `Re: ${mail.subject}`,
    text: 'It leaves on Friday.',
    headers: [`In-Reply-To: ${mail.headers['message-id']}`, `References: ${mail.headers['message-id']}`],
    ...over,
  });
  const mailOf = async (id: string) => (await call('GET', `mail/messages/${id}`)).body;
  /** All that the customer's side of the inquiry is made of. */
  const inquiry = async () => ({
    row: await rows('select * from inquiries where id = $1', [inquiryId]),
    clocks: await rows('select * from inquiry_clocks where inquiry_id = $1 order by id', [inquiryId]),
    messages: await rows('select * from inquiry_messages where inquiry_id = $1 order by seq', [inquiryId]),
  });

  it('is a mail of its own, from the mailbox of the inquiry, in which the answer lands; the inquiry does not notice', async () => {
    const before = await inquiry();
    const { id } = await start({
      recipients: [{ address: SUPPLIER, name: 'Supplier' }, { address: 'ann@depot.example' }],
    });
    const [first] = sentTo(SUPPLIER);
    expect(first!.recipients).toEqual([SUPPLIER, 'ann@depot.example']);
    expect([first!.subject, first!.text.trim()]).toEqual(['Spare part', 'When does it leave?']);
    expect(first!.headers.from).toContain('support@acme.example');
    expect(first!.headers['message-id']).toMatch(new RegExp(`^<r\\.${id}\\.1\\..+@acme\\.example>$`));
    expect(first!.headers['in-reply-to']).toBeUndefined();
    expect(first!.raw).not.toContain(asked!);
    const answer = await arrive(answering(first!, { messageId: `<${id}@supplier.example>` }));
    expect(await messagesOf(id)).toMatchObject([
      {
        seq: 1,
        direction: 'out',
        body: 'When does it leave?',
        delivery: 'sent',
        authorId: clerk!.userId,
        mailId: null,
      },
      {
        seq: 2,
        direction: 'in',
        body: 'It leaves on Friday.',
        delivery: null,
        authorAddress: SUPPLIER,
        mailId: answer,
      },
    ]);
    expect(await mailOf(answer)).toMatchObject({
      ...{ state: 'routed', decision: 'reply', sideConversationId: id, threadedBy: 'response' },
      ...{ inquiryId: null, leadId: null, customerId: null, hidden: false },
    });
    expect(await view(id)).toMatchObject({ state: 'open', messageCount: 2, hidden: false });
    const through = await signIn(api!, { grants: ['inquiries:read_all', 'mail:read_team'] });
    const beside = await signIn(api!, { grants: ['inquiries:read_own', 'mail:read_team'] });
    const asks = async (who: SignedIn) => [
      (await call('GET', `mail/messages/${answer}`, undefined, who)).status,
      (await call('GET', `mail/messages?sideConversationId=${id}`, undefined, who)).body.data.length,
    ];
    expect([await asks(through), await asks(beside)]).toEqual([
      [200, 1],
      [404, 0],
    ]);
    expect(await inquiry()).toEqual(before);
    const timeline = `customers/${(before.row[0] as { customer_id: string }).customer_id}/timeline`;
    const told = await Promise.all([call('GET', timeline), call('GET', `inquiries/${inquiryId}/messages`)]);
    expect(told.map(({ status }) => status)).toEqual([200, 200]);
    expect(JSON.stringify(told.map(({ body }) => body))).not.toMatch(/Spare part|Friday|supplier/);
    expect(sentTo(from!)).toEqual([]);
    await call('POST', `side-conversations/${id}/messages`, { body: 'Thank you.' });
    await worker!.settled();
    const [, second] = sentTo(SUPPLIER);
    expect(second!.subject).toBe('Re: Spare part');
    expect(second!.headers['in-reply-to']).toBe(`<${id}@supplier.example>`);
    expect(second!.headers.references).toBe(`${first!.headers['message-id']} <${id}@supplier.example>`);
  });

  it('knows its answers by ids and by its signed address, and lets nobody else in by an id alone', async () => {
    const { id } = await start();
    const [mail] = sentTo(SUPPLIER);
    const answer = `<${newId()}@supplier.example>`;
    await arrive(
      answering(mail!, { messageId: answer, headers: [`References: <x@y.example> ${mail!.headers['message-id']}`] }),
    );
    await arrive(answering(mail!, { headers: [`In-Reply-To: ${answer}`] }));
    const signed = /support\+[a-z2-7]+@acme\.example/.exec(mail!.headers['reply-to']!)![0];
    const byAddress = await arrive(answering(mail!, { from: 'colleague@supplier.example', to: signed, headers: [] }));
    expect(await mailOf(byAddress)).toMatchObject({ sideConversationId: id, threadedBy: 'inquiry' });
    const known = await arrive(answering(mail!, { from: 'colleague@supplier.example' }));
    expect(await mailOf(known)).toMatchObject({ sideConversationId: id });
    expect((await messagesOf(id)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    const stranger = await arrive(answering(mail!, { from: 'eve@elsewhere.example' }));
    expect(await mailOf(stranger)).toMatchObject({
      decision: 'new',
      sideConversationId: null,
      inquiryId: expect.any(String),
    });
    const forged = ['Authentication-Results: mx.acme.example; dmarc=fail'];
    const cheat = await arrive(answering(mail!, { from: 'ann@elsewhere.example', to: signed, headers: forged }));
    expect(await mailOf(cheat)).toMatchObject({ decision: 'new', sideConversationId: null });
    expect(await messagesOf(id)).toHaveLength(5);
  });

  it('is not opened to the customer by what they answer to, nor by the inquiry’s number', async () => {
    const { id } = await start();
    const [mail] = sentTo(SUPPLIER);
    const both = await arrive(
      answering(mail!, {
        from: `Asha Rao <${from}>`,
        headers: [`References: ${mail!.headers['message-id']} ${asked}`],
      }),
    );
    expect(await mailOf(both)).toMatchObject({ inquiryId, sideConversationId: null });
    await arrive(answering(mail!));
    const [row] = await rows<{ number: number }>('select number from inquiries where id = $1', [inquiryId]);
    const byNumber = await arrive({ from: SUPPLIER, subject: `About [#INQ-${row!.number}]` });
    expect(await mailOf(byNumber)).toMatchObject({ decision: 'new', sideConversationId: null });
    expect(await messagesOf(id)).toHaveLength(2);
  });

  it('is opened again by an answer, and not by a machine’s, which stands quietly in it', async () => {
    const { id } = await start();
    const [mail] = sentTo(SUPPLIER);
    expect((await call('POST', `side-conversations/${id}/close`)).body).toMatchObject({ state: 'closed' });
    const headers = [`In-Reply-To: ${mail!.headers['message-id']}`, 'Auto-Submitted: auto-replied'];
    const absence = await arrive(answering(mail!, { headers, text: 'I am away.' }));
    expect(await mailOf(absence)).toMatchObject({ state: 'ignored', sideConversationId: id, automatic: true });
    expect(await view(id)).toMatchObject({ state: 'closed', messageCount: 2 });
    expect((await messagesOf(id))[1]).toMatchObject({ isAutomatic: true, body: 'I am away.' });
    smtp.received.length = 0;
    await arrive(answering(mail!));
    expect(await view(id)).toMatchObject({ state: 'open', messageCount: 3 });
    expect(smtp.received.map(({ subject }) => subject.replace(/\d+/, ''))).toEqual([
      'An answer came to a side conversation in INQ-',
    ]);
  });

  it('tells who began it, who has the inquiry and who watches it of an answer, and not what it says', async () => {
    const lena = await signIn(api!, { grants: DESK, email: 'lena@acme.example' });
    await call('PUT', `inquiries/${inquiryId}/watchers/${max!.userId}`, undefined, max);
    await api!.superuser.query('update inquiries set assigned_to = $2 where id = $1', [inquiryId, lena.userId]);
    await start();
    const [mail] = sentTo(SUPPLIER);
    smtp.received.length = 0;
    await arrive(answering(mail!));
    expect(smtp.received.flatMap(({ recipients }) => recipients).sort()).toEqual([
      ...['clerk@acme.example', 'lena@acme.example', 'max@acme.example'],
    ]);
    expect(smtp.received.map(({ raw }) => raw).join()).not.toMatch(/Friday|Spare part/);
  });

  it('shows what became of its mails: refused, suppressed, bounced', async () => {
    smtp.toRecipient = (address) =>
      address === 'gone@supplier.example' ? { code: 550, text: 'No such user' } : 'accept';
    const refused = await start({ recipients: [{ address: 'gone@supplier.example' }] });
    expect(await messagesOf(refused.id)).toMatchObject([
      { delivery: 'failed', fault: expect.stringContaining('No such user') },
    ]);
    smtp.toRecipient = () => 'accept';
    const partly = await start({ recipients: [{ address: 'bounces@supplier.example' }] });
    const [mail] = sentTo('bounces@supplier.example');
    await arrive(aReport('bounces@supplier.example', mail!.headers['message-id']!));
    expect(await messagesOf(partly.id)).toMatchObject([
      { delivery: 'bounced', fault: expect.stringMatching(/^bounces@supplier\.example: .*unknown user/) },
    ]);
    expect(await view(partly.id)).toMatchObject({ messageCount: 1 });
    const again = await start({ recipients: [{ address: 'bounces@supplier.example' }] });
    expect(await messagesOf(again.id)).toMatchObject([{ delivery: 'suppressed' }]);
  });

  it('is sent once and told unknown where the answer of the server was lost', async () => {
    smtp.toText = () => 'drop';
    const { id } = await start();
    smtp.toText = () => 'accept';
    expect(await messagesOf(id)).toMatchObject([{ delivery: 'unknown' }]);
    await worker!.settled();
    expect(sentTo(SUPPLIER)).toHaveLength(1);
  });

  it('goes on where its inquiry was merged to', async () => {
    const { id } = await start();
    const home = await api!.as(clerk!.actor, async () => {
      const mailId = await arrive({ from: `Asha Rao <${from}>`, subject: 'Again' });
      const [other] = await rows<{ id: string }>('select inquiry_id as id from mails where id = $1', [mailId]);
      await mergeInquiries(api!, inquiryId!, other!.id);
      return other!.id;
    });
    await worker!.settled();
    const listed = (await call('GET', `inquiries/${home}/side-conversations`)).body.data;
    expect(listed).toMatchObject([{ id, inquiryId }]);
    const given = { subject: 'More', recipients: [{ address: SUPPLIER }], body: 'x' };
    const refused = await call('POST', `inquiries/${inquiryId}/side-conversations`, given);
    expect([refused.status, refused.body.code]).toEqual([409, 'inquiry_merged']);
    expect((await call('POST', `side-conversations/${id}/messages`, { body: 'Any news?' })).status).toBe(201);
  });

  it('is for those who take part once an answer came in by a mailbox that is not for all', async () => {
    const { id } = await start();
    const [mail] = sentTo(SUPPLIER);
    const mailId = await arrive(answering(mail!, { to: 'private@acme.example' }));
    expect(await messagesOf(id)).toMatchObject([{ hidden: false }, { hidden: false, body: 'It leaves on Friday.' }]);
    expect(await messagesOf(id, max)).toMatchObject([
      { hidden: true, body: null, recipients: [] },
      { hidden: true, body: null, authorAddress: null, messageId: null },
    ]);
    const asMax = (path: string, body?: unknown) => call(body ? 'POST' : 'GET', path, body, max);
    expect((await asMax(`side-conversations/${id}`)).body).toMatchObject({
      hidden: true,
      subject: null,
      recipients: [],
    });
    expect((await asMax(`side-conversations/${id}/messages`, { body: 'x' })).body).toMatchObject({
      code: 'message_hidden',
    });
    expect((await asMax(`mail/messages/${mailId}`)).body).toMatchObject({ hidden: true, text: null });
  });

  it('is kept, wherever it is looked for, from whoever may not read all of its inquiry', async () => {
    const mailId = await arrive({ from: `Asha Rao <${from}>`, to: 'private@acme.example', subject: 'In private' });
    [{ id: inquiryId }] = (await rows<{ id: string }>('select inquiry_id as id from mails where id = $1', [
      mailId,
    ])) as [{ id: string }];
    await rows('update inquiries set assigned_to = $2 where id = $1', [inquiryId, clerk!.userId]);
    const { id } = await start({ subject: 'Secret part', body: 'The secret of Asha' });
    const [mail] = sentTo(SUPPLIER);
    const answer = await arrive(answering(mail!, { text: 'A secret answer' }));
    const [sent] = (await messagesOf(id)) as [SideMessageView];
    const looks = [...DESK, 'messages:read', 'audit:read'];
    const [nosy, boss] = [await signIn(api!, { grants: looks }), await signIn(api!, { grants: looks })];
    await rows('update inquiries set assigned_to = $2 where id = $1', [inquiryId, boss.userId]);
    const places = [
      ...[`inquiries/${inquiryId}/side-conversations`, `side-conversations/${id}`, `side-conversations/${id}/messages`],
      ...[`messages/${sent.outgoingId}`, `mail/messages/${answer}`],
      ...[`audit?entity=side_conversations&entityId=${id}`, `audit?entity=side_messages&entityId=${sent.id}`],
    ];
    for (const place of places) {
      const seen = async (who: SignedIn) => {
        const { status, body } = await call('GET', place, undefined, who);
        return [status, /secret|supplier/i.test(JSON.stringify(body))];
      };
      expect([place, await seen(nosy), await seen(boss)]).toEqual([place, [200, false], [200, true]]);
    }
    const given = { subject: 'x', recipients: [{ address: SUPPLIER }], body: 'x' };
    const refused = await call('POST', `inquiries/${inquiryId}/side-conversations`, given, nosy);
    expect([refused.status, refused.body.code]).toEqual([403, 'message_hidden']);
    expect((await call('POST', `side-conversations/${id}/close`, undefined, nosy)).status).toBe(403);
  });
});

function aReport(recipient: string, messageId: string): Raw {
  const report = ['Reporting-MTA: dns; mx.supplier.example', '', `Final-Recipient: rfc822; ${recipient}`];
  const failed = ['Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 unknown user'];
  return {
    from: 'MAILER-DAEMON@supplier.example',
    subject: 'Undelivered',
    attachments: [
      {
        filename: 'report',
        mimeType: 'message/delivery-status',
        content: Buffer.from([...report, ...failed, ''].join('\r\n')),
      },
      { filename: 'original', mimeType: 'text/rfc822-headers', content: Buffer.from(`Message-ID: ${messageId}\r\n`) },
    ],
    headers: ['Auto-Submitted: auto-replied'],
  };
}
