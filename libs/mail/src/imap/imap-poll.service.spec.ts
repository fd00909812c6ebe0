import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { authContexts } from '@app/auth/testing';
import { Holds, rearmFailpoint } from '@app/platform';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mailContext, MailboxesService, MailIntake } from '../index.js';
import { aRawMail } from '../testing.js';
import { ImapClient } from './imap-client.js';
import { ImapPoll } from './imap-poll.service.js';
import { ImapQueries } from './imap.queries.js';
import { type ImapSettings } from './imap-source.entity.js';
import { ImapSources } from './imap-sources.service.js';
import { IMAP_LOGIN, ImapServer } from './testing.js';

const TABLES = ['imap_sources', 'mailboxes', 'mails', 'mail_deliveries', 'outbox', 'deliveries'];

describe('A mailbox that is polled over IMAP', () => {
  let slice: Slice;
  let server: ImapServer;
  let support: string;
  const ada = anActor();
  beforeAll(async () => {
    slice = await bootSlice({
      contexts: [...authContexts, mailContext],
      app: 'worker',
      env: { OUTBOUND_PRIVATE_NETWORKS: '127.0.0.1' },
    });
    Object.assign(slice.get(ImapClient), {
      bounds: { connect: 800, silence: 800, step: 4_000, heldBytes: 80_000_000 },
    });
  });
  beforeEach(async () => {
    await slice.empty(...TABLES);
    server = await ImapServer.start();
    support = await open('support@acme.example');
  });
  afterEach(async () => {
    await server.stop();
    await slice.settled(30_000); // what still reads mails would hold up the emptying of their tables
  });
  afterAll(() => slice?.close());

  const asAda = <T>(work: () => Promise<T>) => slice.as(ada, work);
  const rows = async (sql: string, values: unknown[] = []) => (await slice.superuser.query(sql, values)).rows;
  const open = async (address: string, over: Partial<ImapSettings> = {}, password = IMAP_LOGIN.password) => {
    const { id } = await asAda(() => slice.get(MailboxesService).open({ address, name: 'Acme' }));
    await configure(id, over, password);
    return id;
  };
  const configure = (id: string, over: Partial<ImapSettings> = {}, password?: string) => {
    const folder = { folder: 'INBOX', intervalSeconds: 3600, marksSeen: false };
    const at = { host: '127.0.0.1', port: server.port, security: 'none' as const, username: IMAP_LOGIN.username };
    return asAda(() => slice.get(ImapSources).configure(id, { ...folder, ...at, ...over }, password));
  };
  /** The worker polls too, now and then: whose turn it is decides the lease. */
  const poll = async (id = support) => {
    while (!(await asAda(() => slice.get(ImapPoll).poll(id)))) await wait(10);
  };
  const compare = async (id = support) => {
    await asAda(() => slice.get(ImapSources).pollNow(id));
    await poll(id);
  };
  const meter = (id = support) => asAda(() => slice.get(ImapQueries).completeness(id, {}));
  const state = (id = support) => asAda(() => slice.get(ImapQueries).poll(id));
  const count = async (table: string) => (await rows(`select count(*)::int as n from ${table}`))[0].n;
  const fill = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) =>
      server.add(aRawMail({ messageId: `<${from + at}@example.org>`, subject: `Mail ${from + at}` })),
    );

  it('takes each mail in, byte for byte, by the way of mail that is handed in', async () => {
    const raw = Buffer.from(aRawMail({ text: 'gr\u00fc\u00df dich' }).toString('utf8'), 'latin1');
    server.add(raw);
    server.add(aRawMail({ to: 'undisclosed-recipients:;' }));
    await poll();
    await slice.settled();
    expect(await rows('select size, state, mailbox_id from mails order by size')).toMatchObject([
      { state: 'parsed', mailbox_id: support },
      { state: 'parsed', mailbox_id: support },
    ]);
    expect(await count('mail_deliveries')).toBe(2);
    const handedIn = await asAda(() => slice.get(MailIntake).take(raw, 'support@acme.example'));
    expect(await count('mails')).toBe(2);
    expect(await rows('select uid from imap_uids where mail_id = $1', [handedIn.id])).toEqual([{ uid: 1 }]);
    expect(await state()).toMatchObject({ state: 'ok', failures: 0, errorCode: null });
  });

  it('reads what is new, and asks for nothing twice', async () => {
    fill(1, 3);
    await poll();
    server.answered.length = 0;
    await poll();
    expect(server.answered.filter((said) => said.startsWith('UID FETCH'))).toEqual([]);
    fill(4, 5);
    await poll();
    expect(await count('mails')).toBe(5);
    expect(await meter()).toMatchObject({ status: 'complete', counts: { listed: 5, accounted: 5 } });
  });

  it('is polled by one of many at a time', async () => {
    fill(1, 20);
    const polls = Array.from({ length: 6 }, () => asAda(() => slice.get(ImapPoll).poll(support)));
    expect((await Promise.all(polls)).filter(Boolean).length).toBeLessThanOrEqual(1);
    await poll();
    expect(await count('mails')).toBe(20);
    expect(server.answered.filter((said) => said === 'LOGIN').length).toBeLessThanOrEqual(2);
  });

  it('is not polled while its tenant stands still, and is afterwards', async () => {
    fill(1, 2);
    const isDue = async () => (await rows('select id from imap_polls_due(10)')).length > 0;
    await asAda(() => slice.db.transaction(() => slice.get(Holds).hold()));
    try {
      expect([await isDue(), await asAda(() => slice.get(ImapPoll).poll(support))]).toEqual([false, false]);
      expect([server.answered, await count('mails')]).toEqual([[], 0]);
    } finally {
      await asAda(() => slice.db.transaction(() => slice.get(Holds).release()));
    }
    await poll();
    expect(await count('mails')).toBe(2);
  });

  it('is read no further once its tenant stands still in the middle of it, and from there afterwards', async () => {
    fill(1, 120);
    const intake = slice.get(MailIntake);
    const take = intake.takeInto.bind(intake);
    const hold = () => asAda(() => slice.db.transaction(() => slice.get(Holds).hold()));
    const spy = vi.spyOn(intake, 'takeInto').mockImplementationOnce((...mail) => hold().then(() => take(...mail)));
    const isBeingRead = async () => (await rows('select 1 from imap_polls where fence is not null')).length > 0;
    try {
      await asAda(() => slice.get(ImapPoll).poll(support)); // unless the worker was faster
      await expect.poll(isBeingRead).toBe(false);
      expect(await count('mails')).toBeGreaterThan(0);
      expect(await count('mails')).toBeLessThanOrEqual(50);
      expect(await state()).toMatchObject({ failures: 0, errorCode: null });
    } finally {
      spy.mockRestore();
      await asAda(() => slice.db.transaction(() => slice.get(Holds).release()));
    }
    await expect.poll(() => count('mails'), { timeout: 20_000 }).toBe(120); // at once, not at the next interval
    await expect.poll(meter).toMatchObject({ counts: { listed: 120, accounted: 120, doubled: 0 } });
  });

  it('is polled by the worker once it is due, without anybody asking', async () => {
    fill(1, 2);
    await asAda(() => slice.get(ImapSources).pollNow(support));
    await expect.poll(() => count('mails'), { timeout: 8_000, interval: 100 }).toBe(2);
  });

  it('loses and doubles nothing when its worker dies between storing and saying so', async () => {
    fill(1, 30);
    rearmFailpoint({ FAILPOINT: 'mail.polled:1:throw' });
    await expect(poll()).rejects.toThrow('mail.polled was struck');
    rearmFailpoint({});
    expect(await count('mails')).toBe(30);
    expect((await meter()).status).toBe('unknown');
    await poll();
    expect(await count('mails')).toBe(30);
    expect(await meter()).toMatchObject({ status: 'complete', counts: { accounted: 30, doubled: 0 } });
  });

  it('is taken over from a worker that died holding it', async () => {
    fill(1, 1);
    const sql =
      "update imap_polls set fence = gen_random_uuid(), lease_until = now() + interval '1 minute' where id = $1";
    await slice.superuser.query(sql, [support]);
    expect(await asAda(() => slice.get(ImapPoll).poll(support))).toBe(false);
    await slice.superuser.query(
      "update imap_polls set lease_until = now() - interval '1 second', next_poll_at = now() + interval '1 day'",
    );
    await expect.poll(() => count('mails'), { timeout: 8_000, interval: 100 }).toBe(1);
  });

  it('is read again when the ids changed their meaning, and nothing is there twice', async () => {
    fill(1, 10);
    await poll();
    server.remove(4);
    server.renumber(77);
    fill(11, 12);
    await poll();
    expect(await count('mails')).toBe(12);
    expect(await meter()).toMatchObject({ status: 'complete', uidValidity: 77, counts: { listed: 11, accounted: 11 } });
  });

  it('marks as seen what is stored, where that is wanted, and deletes nothing', async () => {
    fill(1, 3);
    await poll();
    expect(server.seen).toEqual([]);
    await configure(support, { marksSeen: true });
    fill(4, 5);
    server.spoilWith({ drops: [5] });
    await poll();
    expect(server.seen).toEqual([4]);
    expect(server.messages).toHaveLength(5);
  });

  it('keeps two mails under one Message-ID apart, and one mail under two ids together', async () => {
    const mail = aRawMail({ messageId: '<same@example.org>', text: 'one' });
    [mail, aRawMail({ messageId: '<same@example.org>', text: 'another' }), mail].forEach((raw) => server.add(raw));
    await poll();
    expect(await count('mails')).toBe(2);
    expect(await meter()).toMatchObject({
      status: 'complete',
      counts: { listed: 3, accounted: 3, doubled: 1 },
      doubled: [{ uid: 3, messageId: '<same@example.org>', reason: 'same_as_another' }],
    });
  });

  it('accounts for a thousand of a thousand, one core for fifty a second and more, and says what is quarantined and why', async () => {
    fill(1, 997);
    for (const _ of [1, 2, 3]) server.add(Buffer.from(`Subject: nobody ${_}\r\n\r\nwrote this`));
    const begun = process.cpuUsage();
    await poll();
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(1_000 / 50); // of the processor: how busy the machine is else does not count
    await slice.settled(60_000);
    const told = await meter();
    expect(told).toMatchObject({ status: 'complete', summary: 'accounted for 1,000 of 1,000, 3 quarantined' });
    expect(told.quarantined.map(({ uid, reason }) => [uid, reason])).toEqual([
      [998, 'no_sender'],
      [999, 'no_sender'],
      [1_000, 'no_sender'],
    ]);
  }, 90_000);

  it('names exactly the mails that a faulty server drops and doubles, in whatever order, until it is repaired', async () => {
    const drops = [3, 17, 50, 51, 118];
    const doubles = [1, 2, 49, 60, 99, 100, 120];
    fill(1, 120);
    server.spoilWith({ drops, doubles, isReversed: true });
    await poll();
    const told = await meter();
    expect(told).toMatchObject({
      status: 'gaps',
      summary: 'accounted for 115 of 120, 5 missing, 7 doubled',
      counts: { claimed: 120, listed: 120, accounted: 115, missing: 5, doubled: 7 },
    });
    expect(told.missing.map(({ uid, messageId }) => [uid, messageId])).toEqual(
      drops.map((uid) => [uid, `<${uid}@example.org>`]),
    );
    expect(told.doubled.map(({ uid, reason }) => [uid, reason])).toEqual(doubles.map((uid) => [uid, 'given_2_times']));
    expect(await count('mails')).toBe(115);
    server.spoilWith({});
    await compare();
    expect(await meter()).toMatchObject({
      status: 'complete',
      summary: 'accounted for 120 of 120',
      missing: [],
      doubled: [],
    });
    expect(await count('mails')).toBe(120);
  });

  it('is not green where the server claims other than it lists, nor where it gives no body', async () => {
    fill(1, 4);
    server.spoilWith({ claims: 9 });
    await poll();
    expect(await meter()).toMatchObject({
      status: 'unknown',
      reason: 'counts_disagree',
      counts: { claimed: 9, listed: 4 },
    });
    server.spoilWith({ bodiless: [2] });
    fill(5, 5);
    await compare();
    expect(await meter()).toMatchObject({ status: 'complete' });
    server.spoilWith({ bodiless: [6] });
    fill(6, 6);
    await compare();
    expect(await meter()).toMatchObject({ status: 'gaps', missing: [{ uid: 6, reason: 'not_given' }] });
  });

  it('says of a mail that is too large that it is, and of one that is not as large as said the same', async () => {
    fill(1, 3);
    server.spoilWith({ sizes: { 2: 26 * 1024 * 1024, 3: 4_294_967_295 } });
    await poll();
    expect(await meter()).toMatchObject({
      status: 'complete',
      summary: 'accounted for 3 of 3, 2 refused',
      refused: [
        { uid: 2, reason: 'too_large', mailId: null },
        { uid: 3, reason: 'too_large' },
      ],
    });
  });

  it('finds by another question what a search hides', async () => {
    fill(1, 6);
    server.spoilWith({ hides: [2, 5] });
    await poll();
    expect(await meter()).toMatchObject({ status: 'complete', counts: { claimed: 6, listed: 6, accounted: 6 } });
  });

  it('does not miss what was deleted on the server', async () => {
    fill(1, 3);
    server.spoilWith({ drops: [2] });
    await poll();
    server.remove(2);
    await compare();
    expect(await meter()).toMatchObject({ status: 'complete', counts: { listed: 2, accounted: 2, missing: 0 } });
    expect(await count('mails')).toBe(2);
  });

  it.each([
    ['falls silent over the folder', 'SELECT', 'timed_out'],
    ['falls silent over a search', 'UID SEARCH', 'timed_out'],
    ['falls silent over the mails', 'UID FETCH', 'timed_out'],
  ])('says so when its server %s, keeps nobody else waiting, and goes on once it is well', async (_, hangsAt, code) => {
    fill(1, 2);
    const well = await ImapServer.start();
    well.add(aRawMail());
    const sales = await open('sales@acme.example', { port: well.port });
    server.spoilWith({ hangsAt: hangsAt === 'SELECT' ? 'EXAMINE' : hangsAt });
    await Promise.all([poll(), poll(sales)]);
    expect(await state()).toMatchObject({ state: 'failing', errorCode: code, failures: 1 });
    expect(await state(sales)).toMatchObject({ state: 'ok' });
    expect(await meter()).toMatchObject({ status: 'unknown' });
    server.spoilWith({});
    await compare();
    expect(await meter()).toMatchObject({ status: 'complete', counts: { accounted: 2 } });
    expect(await state()).toMatchObject({ state: 'ok', failures: 0, error: null });
    await well.stop();
  });

  it('reads on past the mail over which its server hangs up', async () => {
    fill(1, 12);
    server.spoilWith({ endsAt: 7 });
    for (let polls = 0; polls < 8; polls++) await poll();
    expect(await meter()).toMatchObject({ missing: [{ uid: 7 }], counts: { accounted: 11 } });
    server.spoilWith({});
    await compare();
    expect(await meter()).toMatchObject({ status: 'complete', counts: { accounted: 12 } });
    expect(await count('mails')).toBe(12);
  });

  it.each(['10.0.0.1', '169.254.169.254', '::1'])(
    'asks no server on the private address %s, which nobody opened',
    async (host) => {
      await configure(support, { host }, IMAP_LOGIN.password);
      await poll();
      expect(await state()).toMatchObject({ errorCode: 'private_address' });
    },
  );

  it('waits longer after each failure, up to an hour', async () => {
    await configure(support, { port: 1, intervalSeconds: 30 }, IMAP_LOGIN.password);
    const delays = [];
    for (let failures = 1; failures <= 12; failures++) {
      await poll();
      const sql = 'select extract(epoch from next_poll_at - polled_at)::int as s from imap_polls where id = $1';
      delays.push((await rows(sql, [support]))[0].s);
    }
    expect(delays.slice(0, 3)).toEqual([45, 60, 90]);
    expect(delays.at(-1)).toBe(3600);
    expect(await state()).toMatchObject({ errorCode: 'unreachable', failures: 12 });
  });

  it('is told apart: a wrong password, a missing folder, a certificate that nobody vouches for, a server that is none', async () => {
    await configure(support, {}, 'wrong');
    await poll();
    expect(await state()).toMatchObject({ errorCode: 'authentication_failed' });
    await configure(support, { folder: 'Nowhere' }, IMAP_LOGIN.password);
    await poll();
    expect(await state()).toMatchObject({ errorCode: 'folder_missing' });
    const encrypted = await ImapServer.start({ isEncrypted: true });
    await configure(support, { port: encrypted.port, security: 'tls' }, IMAP_LOGIN.password);
    await poll();
    expect(await state()).toMatchObject({ errorCode: 'tls_failed' });
    await encrypted.stop();
    await configure(support, { security: 'starttls' }, IMAP_LOGIN.password);
    await poll();
    expect(await state()).toMatchObject({ errorCode: 'tls_failed' });
    const mute = createServer(() => undefined).listen(0);
    await configure(support, { port: (mute.address() as AddressInfo).port }, IMAP_LOGIN.password);
    await poll();
    expect(await state()).toMatchObject({ errorCode: 'timed_out' });
    mute.close();
  });

  it('has its password sealed anew when the encryption key changes, and says so when it can not be read', async () => {
    const { ENCRYPTION_KEY } = slice.config;
    const env = { ENCRYPTION_KEY: 'a1'.repeat(32), ENCRYPTION_KEYS_RETIRED: ENCRYPTION_KEY.toString('hex') };
    const later = await bootSlice({ contexts: [...authContexts, mailContext], beside: slice, env });
    const before = await rows('select password from imap_sources');
    await later.as(ada, () => later.get(ImapSources).toPoll(support));
    expect(await rows('select password from imap_sources')).not.toEqual(before);
    await poll();
    expect(await state()).toMatchObject({ errorCode: 'password_unreadable' });
    await later.close();
  });

  it('stops at a server that sends without end', async () => {
    const endless = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('* OK ready\r\n');
      socket.once('data', () => socket.write('* OK {99999999999}\r\n'));
    }).listen(0);
    await configure(support, { port: (endless.address() as AddressInfo).port }, IMAP_LOGIN.password);
    await poll();
    expect(await state()).toMatchObject({ state: 'failing', errorCode: 'too_much' });
    endless.close();
  });

  it('polls a mailbox in the trash no more', async () => {
    fill(1, 1);
    await asAda(() => slice.get(MailboxesService).trash(support));
    expect(await asAda(() => slice.get(ImapPoll).poll(support))).toBe(false);
    await expect(asAda(() => slice.get(ImapSources).pollNow(support))).rejects.toMatchObject({
      code: 'mailbox_in_trash',
    });
  });
});
