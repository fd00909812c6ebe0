import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aMail } from './support/mails.js';
import { type Client, Nexus } from './support/nexus.js';

/** The product's main job, as its users do it: each step stands on the one before. */
describe("a customer's mail becomes a reviewed, approved, delivered answer", () => {
  let nexus: Nexus;
  let admin: Client;
  let cso: Client;
  let cso2: Client;
  let manager: Client;
  const mail = aMail({ messageId: '<first@navy.example>', attachment: { name: 'receipt.txt', text: 'order 4711' } });
  let mailId = '';
  let inquiryId = '';
  let customerId = '';
  let responseId = '';
  let sentMessageId = '';

  beforeAll(async () => {
    nexus = await Nexus.start({ apis: 2, workers: 2 });
    [admin, cso, cso2, manager] = (await Promise.all(
      ['admin', 'cso', 'cso2', 'manager'].map((name) => nexus.login(name)),
    )) as [Client, Client, Client, Client];
  });
  afterAll(() => nexus.stop());

  const ingest = (raw: string) => admin.post('mail/raw', undefined, { raw: { type: 'message/rfc822', body: raw } });
  const mailOf = async (id: string) => (await admin.get(`mail/messages/${id}`)).body;

  it('stores the mail raw, and makes a customer and an inquiry of it', async () => {
    const answer = await ingest(mail);
    expect(answer.status).toBe(202);
    mailId = answer.body.id;
    await nexus.settled();
    const stored = await mailOf(mailId);
    expect(stored).toMatchObject({
      id: mailId,
      state: 'routed',
      customerId: expect.any(String),
      inquiryId: expect.any(String),
    });
    ({ customerId, inquiryId } = stored);
    const customer = await admin.get(`customers/${customerId}`);
    expect(customer.body).toMatchObject({
      firstName: 'Grace',
      lastName: 'Hopper',
      email: 'grace@navy.example',
      status: 'lead',
    });
    const inquiry = await admin.get(`inquiries/${inquiryId}`);
    expect(inquiry.body).toMatchObject({
      subject: 'Where is my order?',
      status: 'new',
      channel: 'email',
      assignedTo: null,
      customerId,
      reopenCount: 0,
    });
    const messages = await admin.get(`inquiries/${inquiryId}/messages`);
    expect(messages.body.data[0].attachments).toMatchObject([{ filename: 'receipt.txt' }]);
  });

  it('changes nothing when the same mail comes again', async () => {
    const before = await nexus.superuser.query(
      'select (select count(*) from inquiries) i, (select count(*) from customers) c, (select count(*) from inquiry_messages) m',
    );
    const again = await ingest(mail);
    expect(again).toMatchObject({ status: 202, body: { id: mailId } });
    await nexus.settled();
    const after = await nexus.superuser.query(
      'select (select count(*) from inquiries) i, (select count(*) from customers) c, (select count(*) from inquiry_messages) m',
    );
    expect(after.rows).toEqual(before.rows);
  });

  it('lets one of two officers take it', async () => {
    const seen = await cso.get(`inquiries?assignedTo[null]=true&customerId=${customerId}`);
    expect(seen.body.data.map(({ id }: { id: string }) => id)).toEqual([inquiryId]);
    const takes = await Promise.all([
      cso.post(`inquiries/${inquiryId}/take`),
      cso2.post(`inquiries/${inquiryId}/take`),
    ]);
    expect(takes.map(({ status }) => status).sort()).toEqual([200, 409]);
    if (takes[0]?.status === 409) [cso, cso2] = [cso2, cso];
    expect((await cso.get(`customers/${customerId}`)).status).toBe(200);
  });

  it('lets the officer draft, edit and submit, but not approve', async () => {
    const draft = await cso.post('responses', { inquiryId, message: 'Dear Grace, it is on its way.' });
    expect(draft).toMatchObject({ status: 201, body: { status: 'draft', revision: 1 } });
    responseId = draft.body.id;
    const edited = await cso.patch(`responses/${responseId}`, { message: 'Dear Grace, it arrives on Monday.' });
    expect(edited.body).toMatchObject({ status: 'draft', revision: 2 });
    const submitted = await cso.post(`responses/${responseId}/submit`, { revision: 2 });
    expect(submitted).toMatchObject({ status: 200, body: { status: 'pending_approval', revision: 2 } });
    const self = await cso.post(`responses/${responseId}/approve`, { revision: 2 });
    expect(self).toMatchObject({ status: 403, body: { code: 'self_approval' } });
  });

  it('refuses the self-approval of a manager who wrote it', async () => {
    const own = await manager.post('responses', { inquiryId, message: 'Mine.' });
    expect(own.status).toBe(201);
    await manager.post(`responses/${own.body.id}/submit`, {});
    const approved = await manager.post(`responses/${own.body.id}/approve`, { revision: 1 });
    expect(approved).toMatchObject({ status: 403, body: { code: 'self_approval' } });
    await manager.post(`responses/${own.body.id}/recall`, {});
    expect((await manager.post(`responses/${own.body.id}/discard`, {})).body.status).toBe('discarded');
  });

  it('shows it to the manager in the queue, takes a rejection with notes, and an approval of exactly what was seen', async () => {
    const queue = await manager.get('approvals/queue?limit=100');
    expect(queue.body.data.some((row: { subjectId: string }) => row.subjectId === responseId)).toBe(true);
    const due = queue.body.data.map(({ dueAt }: { dueAt: string | null }) => dueAt ?? '9').filter(Boolean);
    expect(due).toEqual([...due].sort());
    expect((await manager.post(`responses/${responseId}/reject`, { revision: 2 })).status).toBe(400);
    const rejected = await manager.post(`responses/${responseId}/reject`, {
      revision: 2,
      approvalNotes: 'Say which Monday.',
    });
    expect(rejected.body).toMatchObject({ status: 'rejected', approvalNotes: 'Say which Monday.' });
    const edited = await cso.patch(`responses/${responseId}`, {
      message: 'Dear Grace, it arrives on Monday, 7 December.',
    });
    expect(edited.body).toMatchObject({ status: 'draft', revision: 3 });
    await cso.post(`responses/${responseId}/submit`, { revision: 3 });
    expect(await manager.post(`responses/${responseId}/approve`, {})).toMatchObject({ status: 428 });
    expect(await manager.post(`responses/${responseId}/approve`, { revision: 2 })).toMatchObject({
      status: 409,
      body: { code: 'stale_revision' },
    });
    const approved = await manager.post(`responses/${responseId}/approve`, { revision: 3 });
    expect(approved).toMatchObject({ status: 200, body: { status: 'approved', revision: 3 } });
  });

  it('sends it once, threaded, after the undo window', async () => {
    await expect
      .poll(async () => (await cso.get(`responses/${responseId}`)).body.status, { timeout: 20_000, interval: 200 })
      .toBe('sent');
    const response = (await cso.get(`responses/${responseId}`)).body;
    expect(response).toMatchObject({ sentAt: expect.any(String), messageId: expect.stringMatching(/^<.+@.+>$/) });
    sentMessageId = response.messageId;
    const received = nexus.sink.messages().filter(({ to }) => to.includes('grace@navy.example'));
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      messageId: sentMessageId,
      inReplyTo: '<first@navy.example>',
      references: ['<first@navy.example>'],
      subject: expect.stringContaining('Where is my order?'),
    });
    expect(received[0]?.text).toContain('Monday, 7 December');
    expect((await cso.get(`inquiries/${inquiryId}`)).body.status).toBe('pending_customer');
  });

  it("threads the customer's replies into the same inquiry and opens it again", async () => {
    const reply = aMail({
      messageId: '<second@navy.example>',
      inReplyTo: sentMessageId,
      references: ['<first@navy.example>', sentMessageId],
      subject: 'Re: Where is my order?',
      text: 'Thank you!',
    });
    const second = await ingest(reply);
    await nexus.settled();
    expect(await mailOf(second.body.id)).toMatchObject({ state: 'routed', inquiryId });
    expect((await cso.get(`inquiries/${inquiryId}`)).body).toMatchObject({ status: 'open', reopenCount: 1 });
    // a colleague answered from Outlook: only the References still name us
    const colleague = aMail({
      messageId: '<third@navy.example>',
      inReplyTo: '<outlook@navy.example>',
      references: [sentMessageId, '<outlook@navy.example>'],
      subject: 'AW: Where is my order?',
    });
    const third = await ingest(colleague);
    await nexus.settled();
    expect(await mailOf(third.body.id)).toMatchObject({ inquiryId });
  });

  it('tells every change with who made it, in order, with the clocks', async () => {
    const audit = await admin.get(`audit?entity=responses&entityId=${responseId}&limit=100`);
    expect(audit.body.data.length).toBeGreaterThan(5);
    for (const row of audit.body.data)
      expect(row).toMatchObject({
        actorId: expect.any(String),
        actorName: expect.any(String),
        entity: 'responses',
        entityId: responseId,
      });
    const approval = audit.body.data.find(
      ({ after }: { after: { status?: string } | null }) => after?.status === 'approved',
    );
    expect(approval).toMatchObject({
      actorName: expect.stringContaining('anager'),
      before: { status: 'pending_approval' },
    });
    await expect
      .poll(async () => (await admin.get('audit/verify')).body, { timeout: 15_000, interval: 500 })
      .toMatchObject({ valid: true });

    const timeline = await cso.get(`customers/${customerId}/timeline?limit=100`);
    expect(timeline.status).toBe(200);
    const kinds = timeline.body.data.map(({ kind }: { kind: string }) => kind);
    expect(kinds.length).toBeGreaterThan(4);
    expect(kinds.slice(-2)).toEqual(['inquiries.created', 'customers.created']);
    const times = timeline.body.data.map(({ at }: { at: string }) => at);
    expect(times).toEqual([...times].sort().reverse());

    const sla = await cso.get(`inquiries/${inquiryId}/sla`);
    const clocks = Object.fromEntries(sla.body.data.map((clock: { kind: string }) => [clock.kind, clock]));
    expect(clocks.first_response).toMatchObject({
      state: 'met',
      target: expect.any(Number),
      pausedSeconds: expect.any(Number),
    });
    expect(clocks.resolution).toMatchObject({ dueAt: expect.any(String) });
  });
});
