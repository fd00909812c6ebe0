import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { authContexts } from '@app/auth/testing';
import { Clock, FixedClock, newId } from '@app/kernel';
import { FileStore, Metrics } from '@app/platform';
import { anActor, bootSlice, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailContext, MailIntake, MailboxesService } from '../index.js';
import { aRawMail } from '../testing.js';
import { MailEmpty, UnknownMailbox } from './mail.errors.js';

describe('A raw mail', () => {
  let slice: Slice;
  const ada = anActor();
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, mailContext], clock: new FixedClock() });
  });
  beforeEach(() => slice.empty('mailboxes', 'mails', 'mail_deliveries', 'outbox', 'deliveries', 'audit_log'));
  afterAll(() => slice?.close());

  const take = (raw: Buffer, mailbox?: string, actor = ada) =>
    slice.as(actor, () => slice.get(MailIntake).take(raw, mailbox));
  const rows = async (table: string) => (await slice.superuser.query(`select * from ${table}`)).rows;
  const open = (address: string) => slice.as(ada, () => slice.get(MailboxesService).open({ address, name: 'Support' }));

  it('is stored with its hash before it is read', async () => {
    const raw = aRawMail();
    const { id } = await take(raw);
    const [mail] = await rows('mails');
    expect(mail).toMatchObject({
      id,
      state: 'received',
      size: raw.length,
      received_at: slice.get(Clock).now(),
      text: null,
    });
    expect(await slice.as(ada, () => slice.get(FileStore).read(mail.raw_hash))).toEqual(raw);
    expect(await rows('outbox')).toMatchObject([{ kind: 'job', type: 'mail.parse', payload: { mailId: id } }]);
  });

  it('is one mail, however often and however much at once it comes', async () => {
    const raw = aRawMail();
    const answers = await Promise.all(Array.from({ length: 20 }, () => take(raw)));
    answers.push(await take(raw));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await rows('mails')).toHaveLength(1);
    expect(await rows('outbox')).toHaveLength(1);
    expect(await rows('audit_log')).toHaveLength(1);
  });

  it('belongs to its tenant, file and all', async () => {
    const raw = aRawMail();
    const mine = await take(raw);
    const theirs = await take(raw, undefined, anActor([], { tenantId: OTHER_TENANT }));
    expect(theirs.id).not.toBe(mine.id);
    const folders = await readdir(slice.config.STORAGE_DIR);
    expect(folders).toEqual(expect.arrayContaining([TENANT, OTHER_TENANT]));
    const seen = await slice.as(anActor([], { tenantId: newId() }), () => slice.db.query('select 1 from mails'));
    expect(seen).toEqual([]);
  });

  it('leaves no row when it was not stored', async () => {
    const files = slice.get(FileStore);
    const put = files.put.bind(files);
    files.put = () => Promise.reject(new Error('disk full'));
    await expect(take(aRawMail())).rejects.toThrow('disk full');
    files.put = put;
    expect(await rows('mails')).toEqual([]);
    expect(await rows('outbox')).toEqual([]);
  });

  it('is handed in for a mailbox by name, once for each', async () => {
    const [support, sales] = [await open('support@acme.example'), await open('sales@acme.example')];
    const raw = aRawMail({ to: 'undisclosed-recipients:;' });
    const first = await take(raw, 'SUPPORT@acme.example');
    await take(raw, 'sales@acme.example');
    await take(raw, 'sales@acme.example');
    const deliveries = await rows('mail_deliveries');
    expect(deliveries.map(({ mailbox_id }) => mailbox_id).sort()).toEqual([support.id, sales.id].sort());
    expect(new Set(deliveries.map(({ mail_id }) => mail_id))).toEqual(new Set([first.id]));
  });

  it('is refused when it is empty or for nobody', async () => {
    await expect(take(Buffer.alloc(0))).rejects.toThrow(MailEmpty);
    await expect(take(aRawMail(), 'nobody@acme.example')).rejects.toThrow(UnknownMailbox);
    expect(await rows('mails')).toEqual([]);
  });

  it('never has its words in the audit trail', async () => {
    await take(aRawMail({ text: 'a secret' }));
    const [{ after }] = await rows('audit_log');
    expect(Object.keys(after)).not.toEqual(expect.arrayContaining(['text']));
    expect(after).not.toHaveProperty('html');
    expect(after).not.toHaveProperty('reply_text');
  });

  it('is counted', async () => {
    const raw = aRawMail();
    await take(raw);
    await take(raw);
    const exposed = await slice.get(Metrics).exposition();
    expect(exposed).toMatch(/mail_messages_total\{outcome="received"\} \d+/);
    expect(exposed).toMatch(/mail_messages_total\{outcome="repeated"\} \d+/);
  });

  it('leaves nothing half written in the store', async () => {
    await Promise.all(Array.from({ length: 10 }, () => take(aRawMail())));
    expect(await readdir(join(slice.config.STORAGE_DIR, 'incoming'))).toEqual([]);
  });
});
