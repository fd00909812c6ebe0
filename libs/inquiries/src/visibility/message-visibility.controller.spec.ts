import { type SignedIn, signIn } from '@app/auth/testing';
import { auditContext } from '@app/audit';
import { newId } from '@app/kernel';
import { MailboxesService, MailIntake } from '@app/mail';
import { aRawMail } from '@app/mail/testing';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inquiriesContexts } from '../testing.js';

const READS = ['inquiries:read_all', 'mail:read_all', 'customers:read_all', 'macros:read'];
const SECRET = /contract|terminat|solicitor|Violet|advice\.pdf/i;
const file = { filename: 'advice.pdf', mimeType: 'application/pdf', content: Buffer.from('the contract') };
type Message = {
  id: string;
  version: number;
  mailId: string;
  visibility: string;
  hidden: boolean;
  body: string | null;
};

/** An API and a worker beside it; every mail of `private@` is for who takes part in it. */
describe('Who may read a message', () => {
  let [slice, worker]: Slice[] = [];
  let [boss, clerk, reader, admin]: SignedIn[] = [];
  const team = newId();

  beforeAll(async () => {
    const contexts = [...inquiriesContexts, auditContext];
    slice = await bootSlice({ contexts });
    worker = await bootSlice({ contexts, app: 'worker', beside: { database: slice.database, config: slice.config } });
    const does = ['inquiries:update_all', 'inquiries:create', 'inquiries:take', 'inquiries:assign_all'];
    boss = await signIn(slice, {
      grants: [...READS, ...does, 'inquiries:restrict_all', 'inquiries:export'],
      teams: [team],
    });
    clerk = await signIn(slice, { grants: [...READS, ...does, 'inquiries:restrict_own', 'macros:manage_all'] });
    reader = await signIn(slice, { grants: [...READS, ...does, 'inquiries:export', 'audit:read'] });
    admin = await signIn(slice, { grants: [...READS, 'inquiries:restrict_all', 'mail:reveal', 'audit:read'] });
    await slice.superuser.query(`set session app.actor_id = '${boss.userId}'; set session app.actor_name = 'tester'`);
    await slice.as(boss.actor, async () => {
      const mailboxes = slice!.get(MailboxesService);
      await mailboxes.open({ address: 'support@acme.example', name: 'Support', teamId: team });
      await mailboxes.open({ address: 'private@acme.example', name: 'Private', messageVisibility: 'participants' });
    });
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const call = (method: 'GET' | 'PUT' | 'POST' | 'PATCH', path: string, who: SignedIn, body?: unknown, headers = {}) =>
    slice!.http(method, `/api/v1/${path}`, { token: who.token, body, headers });
  const get = async (path: string, who: SignedIn) => (await call('GET', path, who)).body;
  const text = async (path: string, who: SignedIn): Promise<string> => JSON.stringify(await get(path, who));

  async function mailed(
    over: Parameters<typeof aRawMail>[0] = {},
  ): Promise<{ id: string; mailId: string; messageId: string }> {
    const messageId = `<${newId()}@example.org>`;
    const words = { from: 'Violet Secret <violet@solicitor.example>', subject: 'My contract', text: 'I terminate it.' };
    const raw = aRawMail({ to: 'private@acme.example', messageId, attachments: [file], ...words, ...over });
    const { id: mailId } = await slice!.as(anActor(), () => slice!.get(MailIntake).take(raw));
    await worker!.settled();
    const { rows } = await slice!.superuser.query<{ id: string }>(
      'select inquiry_id as id from inquiry_messages where mail_id = $1',
      [mailId],
    );
    return { id: rows[0]!.id, mailId, messageId };
  }
  const messagesOf = async (id: string, who: SignedIn): Promise<Message[]> =>
    ((await get(`inquiries/${id}/messages`, who)) as { data: Message[] }).data;
  const open = async () => {
    const mail = await mailed({ to: 'support@acme.example' });
    return { ...mail, message: (await messagesOf(mail.id, boss!))[0]! };
  };
  const set = (id: string, { id: message }: Pick<Message, 'id'>, to: object, who = boss!, headers = {}) =>
    call('PUT', `inquiries/${id}/messages/${message}/visibility`, who, to, headers);

  describe('that came to a mailbox whose mail is for who takes part', () => {
    let [id, mailId, customerId]: string[] = [];
    const found = (path: string, who: SignedIn) => text(path, who);

    beforeAll(async () => {
      ({ id, mailId } = await mailed());
      const { rows } = await slice!.superuser.query<{ customer_id: string }>(
        'select customer_id from inquiries where id = $1',
        [id],
      );
      customerId = rows[0]!.customer_id;
      await call('POST', `inquiries/${id}/assign`, boss!, { assignedTo: clerk!.userId });
    });

    it('shows others that it was written, by which way and when, and no more', async () => {
      const [message] = await messagesOf(id!, reader!);
      expect(message).toMatchObject({
        ...{ seq: 1, direction: 'in', visibility: 'participants', hidden: true, at: expect.any(String), userIds: [] },
        ...{ body: null, html: null, subject: null, authorName: null, authorAddress: null, messageId: null },
        attachments: [],
      });
      expect(await found(`inquiries/${id}/messages/${message!.id}`, reader!)).toContain('"hidden":true');
    });

    it('is read by whoever has the inquiry, with all that belongs to it', async () => {
      const [message] = await messagesOf(id!, clerk!);
      expect(message).toMatchObject({
        hidden: false,
        body: 'I terminate it.',
        authorAddress: 'violet@solicitor.example',
      });
      expect(await get(`inquiries/${id}`, clerk!)).toMatchObject({ subject: 'My contract', hidden: false });
      const mail = (await get(`mail/messages/${mailId}`, clerk!)) as { hidden: boolean; attachments: { id: string }[] };
      expect(mail).toMatchObject({ hidden: false, subject: 'My contract', attachments: [{ filename: 'advice.pdf' }] });
      const path = `mail/messages/${mailId}`;
      expect((await call('GET', `${path}/raw`, clerk!)).status).toBe(200);
      expect((await call('GET', `${path}/attachments/${mail.attachments[0]!.id}`, clerk!)).status).toBe(200);
    });

    it.each([
      ['the inquiry', () => `inquiries/${id}`],
      ['the list of inquiries', () => 'inquiries?limit=100'],
      ['the messages', () => `inquiries/${id}/messages`],
      ['the fields that are asked for', () => `inquiries/${id}/messages?fields=body,subject,authorAddress,attachments`],
      ['the mail', () => `mail/messages/${mailId}`],
      ['the list of mails', () => 'mail/messages?limit=100'],
      ['the mails of its sender', () => 'mail/messages?from=violet@solicitor.example'],
      ['the export', () => 'inquiries/export.csv'],
      ['a search by a word', () => 'inquiries?q=terminate'],
      ['a search by its subject', () => 'inquiries?q=contract'],
      ['the audit trail of its message', () => 'audit?entity=inquiry_messages&limit=100'],
      ['the audit trail of its inquiry', () => 'audit?entity=inquiries&limit=100'],
      ['the audit trail of its mail', () => 'audit?entity=mails&limit=100'],
      ['the audit trail of its files', () => 'audit?entity=mail_attachments&limit=100'],
    ])('is not told of by %s', async (_, path) => {
      const answer = await call('GET', path(), reader!);
      expect(answer.status).toBe(200);
      expect(JSON.stringify(answer.body)).not.toMatch(SECRET);
    });

    it('tells of itself in the timeline of its customer only that it was written', async () => {
      const told = await found(`customers/${customerId}/timeline?limit=100`, reader!);
      expect(told).toContain('inquiries.created');
      expect(told).not.toMatch(/contract|terminat/i);
      expect(await found(`customers/${customerId}/timeline?limit=100`, clerk!)).toMatch(/My contract/);
    });

    it('is found by nobody by its words, and by its number still', async () => {
      const { reference } = (await get(`inquiries/${id}`, clerk!)) as { reference: string };
      const byWord = (await get('inquiries?q=terminate', clerk!)) as { meta: { total: number } };
      const byNumber = (await get(`inquiries?q=${reference}`, reader!)) as { data: { id: string }[] };
      expect([byWord.meta.total, byNumber.data.map((one) => one.id)]).toEqual([0, [id]]);
    });

    it('is not handed out, neither whole nor in parts, nor copied, nor gone round', async () => {
      const [message] = await messagesOf(id!, clerk!);
      const mail = (await get(`mail/messages/${mailId}`, clerk!)) as { attachments: { id: string }[] };
      const hidden = { status: 403, body: { code: 'mail_hidden' } };
      expect(await call('GET', `mail/messages/${mailId}/raw`, reader!)).toMatchObject(hidden);
      const attachment = `mail/messages/${mailId}/attachments/${mail.attachments[0]!.id}`;
      expect(await call('GET', attachment, reader!)).toMatchObject(hidden);
      const kept = { status: 403, body: { code: 'message_hidden' } };
      expect(await call('POST', `inquiries/${id}/messages/${message!.id}/split`, reader!, {})).toMatchObject(kept);
      const { id: mine } = await mailed({ to: 'support@acme.example' });
      expect(await call('POST', `inquiries/${id}/merge`, reader!, { into: mine })).toMatchObject(kept);
      await call('PUT', `inquiries/${id}/watchers/${reader!.userId}`, reader!);
      expect((await messagesOf(id!, reader!))[0]).toMatchObject({ hidden: true });
    });

    it('is left out of a canned answer and of what the verbs of its inquiry answer', async () => {
      const body = 'About {{inquiry.subject}}.';
      const macro = (await call('POST', 'macros', clerk!, { name: newId(), body })).body as { id: string };
      const fill = (who: SignedIn) => call('POST', `macros/${macro.id}/fill`, who, { inquiryId: id });
      expect((await fill(clerk!)).body).toMatchObject({ text: 'About My contract.' });
      expect((await fill(reader!)).body).toMatchObject({ text: 'About .', missing: ['inquiry.subject'] });
      const changed = await call('PATCH', `inquiries/${id}`, reader!, { priority: 'high' });
      expect(changed.body).toMatchObject({ priority: 'high', subject: null, message: null, hidden: true });
    });

    it('shows its words to who may reveal them, one reading at a time, on record', async () => {
      const [message] = await messagesOf(id!, admin!);
      expect(message).toMatchObject({ hidden: true, body: null });
      expect((await call('GET', `inquiries/${id}/messages/${message!.id}/words`, reader!)).status).toBe(403);
      const revealed = await get(`inquiries/${id}/messages/${message!.id}/words`, admin!);
      expect(revealed).toMatchObject({ body: 'I terminate it.', subject: 'My contract' });
      expect((await call('GET', `mail/messages/${mailId}/raw`, admin!)).status).toBe(200);
      const record = (entity: string, entityId: string) =>
        get(
          `audit?entity=${entity}&entityId=${entityId}&action%5Bin%5D=revealed,source_read&actorId=${admin!.userId}`,
          admin!,
        );
      expect(await record('inquiry_messages', message!.id)).toMatchObject({
        data: [{ action: 'revealed', after: { inquiryId: id } }],
      });
      expect(await record('mails', mailId!)).toMatchObject({
        data: [{ action: 'source_read', after: { hidden: true } }],
      });
    });

    it('hides a mail that refers to it already before that is a message of it', async () => {
      const { id: inquiry, messageId } = await mailed();
      const headers = [`In-Reply-To: ${messageId}`];
      const reply = await mailed({ to: 'support@acme.example', subject: 'Re: My contract', headers });
      expect(reply.id).toBe(inquiry);
      await slice!.superuser.query('delete from inquiry_messages where mail_id = $1', [reply.mailId]);
      expect(await get(`mail/messages/${reply.mailId}`, reader!)).toMatchObject({ inquiryId: inquiry, hidden: true });
      expect((await call('GET', `mail/messages/${reply.mailId}/raw`, reader!)).status).toBe(403);
    });

    it('is hidden in the trash as well', async () => {
      const { id: waste } = await mailed();
      const keeper = await signIn(slice!, { grants: [...READS, 'inquiries:update_all', 'inquiries:delete'] });
      expect((await slice!.http('DELETE', `/api/v1/inquiries/${waste}`, { token: keeper.token })).status).toBe(204);
      expect(await text('inquiries/trash?limit=100', keeper)).toMatch(new RegExp(waste));
      expect(await text('inquiries/trash?limit=100', keeper)).not.toMatch(SECRET);
      expect(JSON.stringify((await call('POST', `inquiries/${waste}/restore`, keeper)).body)).not.toMatch(SECRET);
    });

    it('is nobody’s to take for its words, but for its team', async () => {
      const { id: waiting } = await mailed();
      const taken = await call('POST', `inquiries/${waiting}/take`, reader!);
      expect(taken).toMatchObject({ status: 403, body: { code: 'message_hidden' } });
      await slice!.superuser.query('update inquiries set team_id = $1 where id = $2', [team, waiting]);
      expect((await call('POST', `inquiries/${waiting}/take`, boss!)).body).toMatchObject({ hidden: false });
    });
  });

  it('is nobody’s to give themselves or their team for its words', async () => {
    const { id: waiting } = await mailed();
    const kept = { status: 403, body: { code: 'message_hidden' } };
    const chief = await signIn(slice!, { grants: [...READS, 'inquiries:assign_all', 'inquiries:take'], teams: [team] });
    const give = (to: object, who: SignedIn) => call('POST', `inquiries/${waiting}/assign`, who, to);
    expect(await give({ assignedTo: reader!.userId }, reader!)).toMatchObject(kept);
    expect(await give({ assignedTo: null, teamId: team }, chief)).toMatchObject(kept);
    expect((await messagesOf(waiting, reader!))[0]).toMatchObject({ hidden: true });
    expect(await give({ assignedTo: clerk!.userId }, reader!)).toMatchObject({ status: 200, body: { hidden: true } });
    expect(await give({ assignedTo: clerk!.userId, teamId: team }, clerk!)).toMatchObject({ status: 200 });
  });

  it('gives no subject to what is split off a message that more may read', async () => {
    const { id, message, messageId } = await open();
    const headers = [`In-Reply-To: ${messageId}`];
    await mailed({ to: 'support@acme.example', subject: '', text: 'And my invoice?', headers });
    await set(id, message, { visibility: 'participants' });
    const [, second] = await messagesOf(id, boss!);
    await set(id, second!, { visibility: 'all' });
    const { status, body } = await call('POST', `inquiries/${id}/messages/${second!.id}/split`, reader!, {});
    expect({ status, body }).toMatchObject({ status: 201, body: { message: 'And my invoice?' } });
    expect(JSON.stringify(body)).not.toMatch(SECRET);
  });

  it('hides from others what the customer says of it in the end', async () => {
    const { id, message } = await open();
    await slice!.superuser.query(
      `insert into satisfaction_surveys (tenant_id, id, inquiry_id, token_hash, asked_at, expires_at, answered_at, score, comment)
       select tenant_id, gen_random_uuid(), id, sha256(id::text::bytea), now(), now(), now(), 2, 'You terminated my contract!' from inquiries where id = $1`,
      [id],
    );
    const said = (who: SignedIn) => get(`inquiries/${id}/satisfaction`, who);
    expect(await said(reader!)).toMatchObject({ score: 2, comment: 'You terminated my contract!' });
    await set(id, message, { visibility: 'participants' });
    expect(await said(reader!)).toMatchObject({ score: 2, comment: null });
    expect(await said(boss!)).toMatchObject({ score: 2, comment: 'You terminated my contract!' });
  });

  it('is narrowed and widened by who may, with the version that was seen, and the trail tells', async () => {
    const { id, message } = await open();
    expect(message).toMatchObject({ visibility: 'all', hidden: false, version: 1 });
    const narrowed = await set(id, message, { visibility: 'participants' }, boss, { 'if-match': '"1"' });
    expect(narrowed).toMatchObject({
      status: 200,
      body: { visibility: 'participants', userIds: [boss!.userId], version: 2 },
    });
    expect(narrowed.headers.etag).toBe('"2"');
    expect(await set(id, message, { visibility: 'all' }, boss, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    expect((await messagesOf(id, reader!))[0]).toMatchObject({ hidden: true });
    expect(await text(`inquiries/${id}`, reader!)).not.toMatch(SECRET);
    await set(id, message, { visibility: 'all' });
    expect((await messagesOf(id, reader!))[0]).toMatchObject({ hidden: false, userIds: [] });
    const trail = (await get(`audit?entity=inquiry_messages&entityId=${message.id}&action=updated`, admin!)) as {
      data: { after: object; actorId: string }[];
    };
    expect(trail.data.map(({ after }) => after)).toMatchObject([{ visibility: 'all' }, { visibility: 'participants' }]);
    expect(new Set(trail.data.map(({ actorId }) => actorId))).toEqual(new Set([boss!.userId]));
  });

  it('is read by the team and by those named, as it says', async () => {
    const { id, message } = await open();
    await slice!.superuser.query('update inquiries set team_id = null where id = $1', [id]);
    const mate = await signIn(slice!, { grants: READS, teams: [team] });
    const sees = async (who: SignedIn) => !(await messagesOf(id, who))[0]!.hidden;
    await set(id, message, { visibility: 'team' });
    expect([await sees(mate), await sees(reader!), await sees(boss!)]).toEqual([false, false, true]);
    await slice!.superuser.query('update inquiries set team_id = $1 where id = $2', [team, id]);
    expect([await sees(mate), await sees(reader!)]).toEqual([true, false]);
    await set(id, message, { visibility: 'participants', userIds: [reader!.userId] });
    expect([await sees(mate), await sees(reader!), await sees(boss!)]).toEqual([false, true, true]);
    expect(await set(id, message, { visibility: 'team', userIds: [newId()] })).toMatchObject({
      ...{ status: 422, body: { code: 'reader_unknown' } },
    });
  });

  it('hides what was written after it as well, which quotes it, and what will be', async () => {
    const { id, message, messageId } = await open();
    const headers = [`In-Reply-To: ${messageId}`];
    await mailed({ to: 'support@acme.example', subject: 'Re: My contract', text: 'Again: I terminate.', headers });
    await call('POST', `inquiries/${id}/notes`, clerk!, { body: 'The contract, again' });
    const { id: elsewhere } = await open();
    await set(id, message, { visibility: 'participants', userIds: [admin!.userId] });
    await mailed({ to: 'support@acme.example', subject: 'Re: My contract', text: 'Third time: terminate.', headers });
    const shown = async (who: SignedIn) => (await messagesOf(id, who)).map(({ hidden }) => !hidden);
    expect(await shown(reader!)).toEqual([false, false, false, false]);
    expect(await shown(clerk!)).toEqual([false, false, true, false]); // the note is the clerk's
    expect(await shown(admin!)).toEqual([true, true, true, true]);
    expect((await messagesOf(elsewhere, reader!))[0]).toMatchObject({ hidden: false });
  });

  it('that more may read again leaves the others as they are', async () => {
    const { id, message, messageId } = await open();
    const headers = [`In-Reply-To: ${messageId}`];
    await mailed({ to: 'support@acme.example', subject: 'Re: My contract', headers });
    await set(id, message, { visibility: 'participants' });
    const [, reply] = await messagesOf(id, boss!);
    await set(id, reply!, { visibility: 'all' });
    await set(id, message, { visibility: 'team' });
    expect((await messagesOf(id, boss!)).map(({ visibility }) => visibility)).toEqual(['team', 'all']);
  });

  it('hides nothing but itself where it is a note', async () => {
    const { id, messageId } = await open();
    const note = (await call('POST', `inquiries/${id}/notes`, clerk!, { body: 'Mine' })).body as Message;
    await mailed({ to: 'support@acme.example', subject: 'Re: My contract', headers: [`In-Reply-To: ${messageId}`] });
    expect(await set(id, note, { visibility: 'participants', userIds: [clerk!.userId] }, clerk)).toMatchObject({
      status: 200,
    });
    expect((await messagesOf(id, reader!)).map(({ hidden }) => hidden)).toEqual([false, true, false]);
    await mailed({ to: 'support@acme.example', subject: 'Re: My contract', headers: [`In-Reply-To: ${messageId}`] });
    expect((await messagesOf(id, reader!)).map(({ hidden }) => hidden)).toEqual([false, true, false, false]);
  });

  it('lets whoever is called to a note read that note, and nothing else', async () => {
    const { id, message, messageId } = await open();
    const called = await signIn(slice!, { grants: READS, email: 'called@acme.example' });
    await slice!.superuser.query(`update users set username = 'called' where id = $1`, [called.userId]);
    await set(id, message, { visibility: 'participants' });
    await call('POST', `inquiries/${id}/notes`, boss!, { body: '@called, what do you say?' });
    await worker!.settled();
    await mailed({ to: 'support@acme.example', subject: 'Re: My contract', headers: [`In-Reply-To: ${messageId}`] });
    expect((await messagesOf(id, called)).map(({ hidden }) => hidden)).toEqual([true, false, true]);
    expect((await messagesOf(id, reader!)).map(({ hidden }) => hidden)).toEqual([true, true, true]);
  });

  it('is said by nobody who may not read it, or whom the permission does not reach, but of what they wrote', async () => {
    const { id, message } = await open();
    expect(await set(id, message, { visibility: 'team' }, reader)).toMatchObject({ status: 403 });
    expect(await set(id, message, { visibility: 'team' }, clerk)).toMatchObject({
      ...{ status: 403, body: { code: 'out_of_reach' } },
    });
    const note = (await call('POST', `inquiries/${id}/notes`, clerk!, { body: 'Mine' })).body as Message;
    expect(await set(id, note, { visibility: 'participants' }, clerk)).toMatchObject({ status: 200 });
    const other = await signIn(slice!, { grants: [...READS, 'inquiries:restrict_all'] });
    expect(await set(id, note, { visibility: 'all' }, other)).toMatchObject({
      ...{ status: 403, body: { code: 'message_hidden' } },
    });
    expect(await set(id, note, { visibility: 'all' }, admin)).toMatchObject({ status: 200, body: { hidden: false } });
    const elsewhere = await open();
    expect(await set(id, elsewhere.message, { visibility: 'team' })).toMatchObject({ status: 404 });
  });
});
