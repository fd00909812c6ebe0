import { authContexts } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { FileStore } from '@app/platform';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CORPUS } from '../corpus/index.js';
import { mailContext, MailFacade, MailIntake, MailboxesService } from '../index.js';
import { aRawMail } from '../testing.js';
import { MOST_READINGS } from './mail.policy.js';
import { MailReading } from './mail-reading.service.js';

describe('A mail that is read', () => {
  let slice: Slice;
  const ada = anActor();
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, mailContext], app: 'worker' });
  });
  beforeEach(async () => {
    await slice.empty(
      'mailboxes',
      'mails',
      'mail_deliveries',
      'mail_attachments',
      'mail_threads',
      'outbox',
      'deliveries',
    );
    await open('support@acme.example');
  });
  afterAll(() => slice?.close());

  const open = (address: string) => slice.as(ada, () => slice.get(MailboxesService).open({ address, name: 'Acme' }));
  const take = async (...raws: Buffer[]): Promise<string[]> => {
    const taken = await slice.as(ada, () => Promise.all(raws.map((raw) => slice.get(MailIntake).take(raw))));
    await slice.settled();
    return taken.map(({ id }) => id);
  };
  const mail = async (id: string) => (await slice.superuser.query('select * from mails where id = $1', [id])).rows[0];
  const rows = async (sql: string) => (await slice.superuser.query(sql)).rows;
  const events = async (type: string) =>
    (await slice.superuser.query('select payload from outbox where type = $1 order by at', [type])).rows.map(
      ({ payload }) => payload,
    );

  it('is known with its words, its attachments and its mailbox, and told of once', async () => {
    const content = Buffer.from('%PDF-1.7 receipt');
    const [id] = await take(
      aRawMail({ attachments: [{ filename: 'receipt.pdf', mimeType: 'application/pdf', content }] }),
    );
    const [{ id: mailboxId }] = await rows('select id from mailboxes');
    expect(await mail(id!)).toMatchObject({
      state: 'parsed',
      decision: 'new',
      mailbox_id: mailboxId,
      from_address: 'ann@example.org',
      subject: 'Broken lamp',
      text: 'The lamp I bought does not light.',
      is_automatic: false,
    });
    expect(await events('mail.routed')).toEqual([
      { mailId: id, mailboxId, decision: 'new', inquiryId: null, sideConversationId: null, automatic: false },
    ]);
    const { attachments, from, teamId } = await slice.as(ada, () => slice.get(MailFacade).get(id!));
    expect(attachments).toMatchObject([
      { filename: 'receipt.pdf', mimeType: 'application/pdf', size: content.length, inline: false },
    ]);
    expect({ from, teamId }).toEqual({ from: { name: 'Ann Lee', address: 'ann@example.org' }, teamId: null });
    const [{ hash }] = await rows('select hash from mail_attachments');
    expect(await slice.as(ada, () => slice.get(FileStore).read(hash))).toEqual(content);
  });

  it('is read and routed once, however often its job runs and by however many at once', async () => {
    const raw = aRawMail();
    const [id] = await take(raw);
    const unread = "update mails set state = 'received', decision = null, decided_at = null, content_hash = null";
    await slice.as(ada, () => slice.db.transaction(() => slice.db.query(unread)));
    await slice.superuser.query("delete from outbox where type = 'mail.routed'");
    await slice.as(ada, () => Promise.all(Array.from({ length: 8 }, () => slice.get(MailReading).read(id!, 1))));
    expect(await events('mail.routed')).toHaveLength(1);
    expect(await mail(id!)).toMatchObject({ state: 'parsed', decision: 'new' });
  });

  it('ends somewhere, each one of the corpus, and none holds up another', { timeout: 120_000 }, async () => {
    const honest = aRawMail();
    const unlike = CORPUS.filter(({ raw }) => raw.length > 0);
    const ids = await slice.as(ada, async () => {
      const taken = [];
      for (const raw of [...unlike.map((one) => one.raw), honest]) taken.push(await slice.get(MailIntake).take(raw));
      return taken.map(({ id }) => id);
    });
    await slice.settled(90_000);
    const stored = await rows('select id, state, quarantine_reason from mails');
    const byId = new Map(stored.map((one) => [one.id, one]));
    for (const [at, { name, expected }] of unlike.entries()) {
      const { state, quarantine_reason } = byId.get(ids[at]);
      if ('refused' in expected)
        expect({ name, state, quarantine_reason }).toEqual({
          name,
          state: 'quarantined',
          quarantine_reason: expected.refused,
        });
      else expect(['parsed', 'ignored', 'duplicate'], name).toContain(state);
    }
    expect(byId.get(ids.at(-1))).toMatchObject({ state: 'parsed' });
    const refused = unlike.filter(({ expected }) => 'refused' in expected);
    expect(await events('mail.quarantined')).toHaveLength(
      new Set(refused.map(({ raw }) => raw.toString('latin1'))).size,
    );
    expect(await rows("select 1 from deliveries where state = 'dead'")).toEqual([]);
  });

  it('is set aside as crashed after bounded attempts, and read again when asked', async () => {
    const files = slice.get(FileStore);
    const read = files.read.bind(files);
    files.read = () => Promise.reject(new Error('the worker fell over'));
    const { id } = await slice.as(ada, () => slice.get(MailIntake).take(aRawMail()));
    const hurry = setInterval(
      () => void slice.superuser.query("update deliveries set due_at = now() where state = 'pending' and attempts > 0"),
      200,
    );
    await slice.settled(30_000);
    clearInterval(hurry);
    expect(await mail(id)).toMatchObject({ state: 'quarantined', quarantine_reason: 'crashed' });
    expect(await rows("select attempts from deliveries where listener = 'mail.parse'")).toEqual([
      { attempts: MOST_READINGS + 1 },
    ]);
    files.read = read;
    await slice.as(ada, () => slice.get(MailIntake).reparse(id));
    await slice.settled();
    expect(await mail(id)).toMatchObject({ state: 'parsed', quarantine_reason: null, decision: 'new' });
  });

  it('keeps five hundred attachments, the same one once', async () => {
    const attachments = Array.from({ length: 500 }, (_, at) => ({
      filename: `${at}.txt`,
      mimeType: 'text/plain',
      content: Buffer.from(String(at % 250)),
    }));
    const [id] = await take(aRawMail({ attachments }));
    expect((await mail(id!)).state).toBe('parsed');
    const [{ rows: all, hashes }] = await rows(
      'select count(*)::int as rows, count(distinct hash)::int as hashes from mail_attachments',
    );
    expect({ all, hashes }).toEqual({ all: 500, hashes: 250 });
  });

  it('is set aside as damaged when the stored bytes are not those that came', async () => {
    const files = slice.get(FileStore);
    const read = files.read.bind(files);
    files.read = () => Promise.resolve(aRawMail());
    const [id] = await take(aRawMail());
    files.read = read;
    expect(await mail(id!)).toMatchObject({ state: 'quarantined', quarantine_reason: 'damaged' });
  });

  it('is one message with two deliveries when our two mailboxes are named', async () => {
    const sales = await open('sales@acme.example');
    const [id] = await take(aRawMail({ to: 'support@acme.example, sales@acme.example' }));
    const deliveries = await rows('select mailbox_id, mail_id from mail_deliveries');
    expect(deliveries).toHaveLength(2);
    expect(deliveries).toContainEqual({ mailbox_id: sales.id, mail_id: id });
    expect(await events('mail.routed')).toHaveLength(1);
  });

  it('is one message with two deliveries when each mailbox got a copy, also at once', async () => {
    const sales = await open('sales@acme.example');
    const over = { messageId: '<both@example.org>', to: 'support@acme.example, sales@acme.example' };
    const copies = ['support', 'sales'].map((name) =>
      aRawMail({ ...over, headers: [`Delivered-To: ${name}@acme.example`, `X-Trace: ${name}`] }),
    );
    const ids = await take(...copies);
    const states = await rows('select id, state, duplicate_of from mails order by state desc');
    expect(states).toMatchObject([{ state: 'parsed', duplicate_of: null }, { state: 'duplicate' }]);
    expect(states[1].duplicate_of).toBe(states[0].id);
    expect(ids).toContain(states[0].id);
    const deliveries = await rows('select mailbox_id, mail_id from mail_deliveries');
    expect(deliveries.map(({ mail_id }) => mail_id)).toEqual([states[0].id, states[0].id]);
    expect(deliveries.map(({ mailbox_id }) => mailbox_id)).toContain(sales.id);
    expect(await events('mail.routed')).toHaveLength(1);
  });

  it('of a Message-ID that was used before is a mail of its own, and says so', async () => {
    const messageId = '<twice@example.org>';
    const [first] = await take(aRawMail({ messageId, text: 'one' }));
    const [second] = await take(aRawMail({ messageId, text: 'another' }));
    expect(await mail(second!)).toMatchObject({ state: 'parsed', decision: 'new', duplicate_of: null });
    expect((await mail(second!)).facts.defects).toEqual(['message_id_reused']);
    expect((await mail(first!)).facts.defects).toEqual([]);
    const [one, other] = [newId(), newId()];
    await slice.as(ada, () => slice.get(MailFacade).attribute(first!, { customerId: newId(), inquiryId: one }));
    await slice.as(ada, () => slice.get(MailFacade).attribute(second!, { customerId: newId(), inquiryId: other }));
    expect(await rows('select inquiry_id from mail_threads')).toEqual([{ inquiry_id: one }]);
  });

  it('without Message-ID and date is never taken for a copy', async () => {
    const bare = { messageId: null, date: null };
    const ids = await take(aRawMail({ ...bare, headers: ['X-Hop: 1'] }), aRawMail({ ...bare, headers: ['X-Hop: 2'] }));
    expect(await Promise.all(ids.map(mail))).toMatchObject([{ state: 'parsed' }, { state: 'parsed' }]);
  });

  it('with a Message-ID too long for an index is read all the same', async () => {
    const messageId = `<${'\u{1f4a9}'.repeat(490)}@example.org>`;
    const [id] = await take(Buffer.from(aRawMail({ messageId })));
    expect((await mail(id!)).state).toBe('parsed');
    await slice.as(ada, () => slice.get(MailFacade).attribute(id!, { customerId: newId(), inquiryId: newId() }));
    expect(await rows('select 1 from mail_threads')).toHaveLength(1);
  });

  it('belongs to the default mailbox when it names none, and to nobody where there is none', async () => {
    const [hidden] = await take(aRawMail({ to: 'undisclosed-recipients:;' }));
    expect((await mail(hidden!)).mailbox_id).not.toBeNull();
    await slice.empty('mailboxes');
    const [lost] = await take(aRawMail({ to: 'x@example.org' }));
    expect(await mail(lost!)).toMatchObject({ state: 'parsed', mailbox_id: null, decision: 'new' });
  });
});
