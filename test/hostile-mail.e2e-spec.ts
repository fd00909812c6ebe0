import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORPUS } from '@app/mail/testing';
import { aMail } from './support/mails.js';
import { type Answer, type Client, Nexus } from './support/nexus.js';

/** What may not be stored at all is refused at the door, with its own problem. */
const REFUSED: Record<string, { status: number; code: string }> = {
  nothing: { status: 400, code: 'mail_empty' },
  'more than 25 MiB': { status: 413, code: 'body_too_large' },
};
const AT_ONCE = 8;

describe('hostile, broken and automatic mails', () => {
  let nexus: Nexus;
  let admin: Client;
  const answers = new Map<string, Answer>();

  beforeAll(async () => {
    nexus = await Nexus.start({ apis: 2, workers: 2 });
    admin = await nexus.login('admin');
  });
  afterAll(() => nexus.stop());

  const ingest = (body: string | Buffer): Promise<Answer> =>
    admin.post('mail/raw', undefined, { raw: { type: 'message/rfc822', body } });
  const rows = async (sql: string, values: unknown[] = []) => (await nexus.superuser.query(sql, values)).rows;
  const stateOf = async (id: string): Promise<string> =>
    (await rows('select state from mails where id = $1', [id]))[0].state;
  const counted = async (): Promise<object> =>
    (
      await rows('select (select count(*) from inquiries) as inquiries, (select count(*) from messages) as messages')
    )[0];

  it('never keep an ordinary mail waiting', async () => {
    const left = [...CORPUS];
    const post = async (): Promise<void> => {
      for (let mail = left.shift(); mail; mail = left.shift()) answers.set(mail.name, await ingest(mail.raw));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, post));
    const { body } = await ingest(aMail({ from: 'Patience <patience@people.example>' }));
    await expect.poll(() => stateOf(body.id), { timeout: 8_000, interval: 100 }).toBe('routed');
  });

  it('are taken in, and refused only where they are too much or nothing', () => {
    const refused = [...answers].filter(([, { status }]) => status !== 202);
    expect(Object.fromEntries(refused.map(([name, { status, body }]) => [name, { status, code: body.code }]))).toEqual(
      REFUSED,
    );
  });

  it('end where they belong: with an inquiry, ignored, set aside or known already', async () => {
    await nexus.settled(30_000);
    const ends = new Map((await rows('select id, state, quarantine_reason from mails')).map((row) => [row.id, row]));
    const astray = CORPUS.filter(({ name }) => !(name in REFUSED)).filter(({ name, expected }) => {
      const { state, quarantine_reason: reason } = ends.get(answers.get(name)?.body.id) ?? {};
      return 'refused' in expected ? reason !== expected.refused : !['routed', 'ignored', 'duplicate'].includes(state);
    });
    expect(astray.map(({ name }) => [name, ends.get(answers.get(name)?.body.id)])).toEqual([]);
  });

  it('leave no dead letter, no second reading and no worker behind', async () => {
    expect(await rows("select listener, last_error from deliveries where state = 'dead' or attempts > 1")).toEqual([]);
    expect(nexus.workers.map(({ isRunning }) => isRunning)).toEqual([true, true]);
  });

  it('can be looked at, each and every one', async () => {
    const ids = (await rows('select id from mails')).map(({ id }) => id as string);
    const looks = await Promise.all(ids.map((id) => admin.get(`mail/messages/${id}`)));
    expect(new Set(looks.map(({ status }) => status))).toEqual(new Set([200]));
    const inquiries = await rows('select inquiry_id as id from mails where inquiry_id is not null');
    const threads = await Promise.all(inquiries.map(({ id }) => admin.get(`inquiries/${id}/messages`)));
    expect(new Set(threads.map(({ status }) => status))).toEqual(new Set([200]));
    const html = looks.map(({ body }) => body.html ?? '').join();
    expect(html).not.toMatch(/<script|javascript:|\son\w+\s*=|<iframe|<form|<style/i);
  });

  it('of a machine open nothing and are answered by nothing, however long two robots go on', async () => {
    const before = await counted();
    for (let round = 0; round < 40; round++) {
      const reply = aMail({
        from: 'Robot <robot@machine.example>',
        messageId: `<${round}@machine.example>`,
        subject: `Re: Re: ${round}`,
      });
      await ingest(reply.replace('MIME-Version', 'Auto-Submitted: auto-replied\r\nMIME-Version'));
    }
    await nexus.settled(30_000);
    expect(await counted()).toEqual(before);
    expect(await rows("select distinct state from mails where from_address = 'robot@machine.example'")).toEqual([
      { state: 'ignored' },
    ]);
    expect(nexus.sink.messages()).toEqual([]);
  });

  it('of a machine in our own thread stand there, and wake nobody', async () => {
    const customer = { from: 'Away <away@people.example>', messageId: '<away@people.example>' };
    const { body } = await ingest(aMail(customer));
    await nexus.settled();
    const [{ inquiry_id: id }] = await rows('select inquiry_id from mails where id = $1', [body.id]);
    await admin.post(`inquiries/${id}/take`);
    await admin.post(`inquiries/${id}/resolve`);
    const notice = aMail({
      ...customer,
      messageId: '<notice@people.example>',
      inReplyTo: '<away@people.example>',
      subject: 'Out of office',
    });
    await ingest(notice.replace('MIME-Version', 'Auto-Submitted: auto-replied\r\nMIME-Version'));
    await nexus.settled();
    const messages = (await admin.get(`inquiries/${id}/messages`)).body.data;
    expect(messages).toHaveLength(2);
    expect((await admin.get(`inquiries/${id}`)).body).toMatchObject({ status: 'resolved', reopenCount: 0 });
  });
});
