import { InvalidTransition, newId } from '@app/kernel';
import { Jobs, Metrics } from '@app/platform';
import { anActor, bootSlice, OTHER_TENANT, type Slice, TENANT, TokenDoorModule } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { messagingContext, Messaging, type OutgoingMail } from '../index.js';
import { aMail, TestSmtpServer } from '../testing.js';
import { MOST_AUTO_REPLIES_A_DAY } from '../suppressions/suppressions.service.js';
import { MessageIdTaken } from './message.errors.js';
import { MOST_ATTEMPTS } from './message.policy.js';
import { Deliver } from './messages.jobs.js';
import { MessageSender } from './messages.sender.js';
import { MessagesService } from './messages.service.js';

const ada = anActor();
const GONE = { code: 550, text: '5.1.1 No such mailbox' };
const LATER = { code: 451, text: '4.7.1 Greylisted' };

type Row = {
  id: string;
  state: string;
  attempts: number;
  message_id: string;
  last_error: string | null;
  text: string;
  fence: string | null;
};

describe('Sending', () => {
  let server: TestSmtpServer;
  let slice: Slice;

  beforeAll(async () => {
    server = await TestSmtpServer.start();
    slice = await bootSlice({
      contexts: [messagingContext],
      app: 'worker',
      modules: [TokenDoorModule],
      env: { SMTP_URL: server.url, MAIL_FROM: 'Nexus <us@nexus.example>', LOG_LEVEL: 'silent' },
    });
  });
  afterAll(async () => {
    await slice?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    server.toRecipient = () => 'accept';
    server.toText = () => 'accept';
    await slice.settled(); // what the test before left on its way
    server.received.splice(0);
    await slice.empty('messages', 'suppressions', 'outbox', 'deliveries');
  });

  const send = (over: Partial<OutgoingMail> = {}, actor = ada) =>
    slice.as(actor, () => slice.get(Messaging).send(aMail(over)));
  const row = async (id: string): Promise<Row> =>
    (await slice.superuser.query<Row>('select * from messages where id = $1', [id])).rows[0]!;
  const until = (id: string, state: string) =>
    expect.poll(async () => (await row(id)).state, { timeout: 10_000, interval: 20 }).toBe(state);
  const events = async (): Promise<{ type: string; payload: Record<string, unknown> }[]> =>
    (await slice.superuser.query("select type, payload from outbox where kind = 'event' order by at")).rows;
  /** Timers are rows: their time comes when we say so. */
  const elapse = (job: string) =>
    slice.superuser.query('update outbox set run_at = clock_timestamp() where type = $1 and published_at is null', [
      job,
    ]);

  it('takes a mail to the server, as MAIL_FROM unless told otherwise', async () => {
    const { id, messageId } = await send();
    await until(id, 'sent');
    expect(server.received).toMatchObject([{ from: 'us@nexus.example', recipients: ['asha@example.com'] }]);
    expect(server.received[0]!.headers['message-id']).toBe(messageId);
    expect(messageId).toMatch(/@nexus\.example>$/);
  });

  it('tells what it was sent for', async () => {
    const about = { kind: 'response', id: newId(), revision: 3 };
    const { id, messageId } = await send({ about });
    await until(id, 'sent');
    expect(await events()).toMatchObject([
      { type: 'messaging.message-sent', payload: { messageId: id, smtpMessageId: messageId, about, refused: [] } },
    ]);
  });

  it('sends nothing when the transaction that asked for it is rolled back', async () => {
    const failed = slice.as(ada, () =>
      slice.db.transaction(async () => (await slice.get(Messaging).send(aMail()), Promise.reject(new Error('no')))),
    );
    await expect(failed).rejects.toThrow('no');
    await slice.settled();
    expect(server.received).toEqual([]);
  });

  it('sends one mail however often the same is asked for at once', async () => {
    const mail = { about: { kind: 'response', id: newId(), revision: 1 } };
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(mail)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    await until(answers[0]!.id, 'sent');
    await slice.settled();
    expect(server.received).toHaveLength(1);
  });

  it('answers one sender by machine five times a day, however much at once; the rest is withheld', async () => {
    const reply = { to: [{ address: 'Robot@machine.example' }], autoSubmitted: true };
    const asked = Array.from({ length: MOST_AUTO_REPLIES_A_DAY + 3 }, (_, at) => ({
      ...reply,
      inReplyTo: `<${at}@machine.example>`,
    }));
    await Promise.all(asked.map((mail) => send(mail)));
    await slice.settled();
    expect(server.received).toHaveLength(MOST_AUTO_REPLIES_A_DAY);
    const states = async () =>
      (await slice.superuser.query('select state, count(*)::int as n from messages group by 1 order by 1')).rows;
    expect(await states()).toEqual([
      { state: 'sent', n: MOST_AUTO_REPLIES_A_DAY },
      { state: 'suppressed', n: 3 },
    ]);
    await send({ ...reply, inReplyTo: '<a@b.example>', to: [{ address: 'other@machine.example' }] });
    await send({ ...reply, autoSubmitted: false, inReplyTo: '<0@machine.example>' });
    await send(reply);
    await slice.superuser.query("select set_config('app.actor_id', $1, false)", [ada.id]);
    await slice.superuser.query("update messages set created_at = created_at - interval '1 day'");
    await send({ ...reply, inReplyTo: '<tomorrow@machine.example>' });
    await slice.settled();
    expect(server.received).toHaveLength(MOST_AUTO_REPLIES_A_DAY + 4);
  });

  it('waits for the same asked for elsewhere and not yet committed, and answers with it', async () => {
    const mail = { about: { kind: 'response', id: newId(), revision: 1 } };
    let commit: () => void = () => {};
    const mayCommit = new Promise<void>((resolve) => (commit = resolve));
    let first: Promise<{ id: string }> | undefined;
    await new Promise<void>((written) => {
      first = slice.as(ada, () =>
        slice.db.transaction(async () => {
          const sent = await slice.get(Messaging).send(aMail(mail));
          written();
          await mayCommit;
          return sent;
        }),
      );
    });
    const second = send(mail);
    await new Promise((done) => setTimeout(done, 100));
    commit();
    expect(await second).toEqual(await first);
  });

  it('refuses another record’s Message-ID', async () => {
    await send({ messageId: '<1@nexus.example>' });
    await expect(send({ messageId: '<1@nexus.example>' })).rejects.toThrow(MessageIdTaken);
  });

  it('keeps tenants apart, also on one connection and with one Message-ID', async () => {
    const bob = anActor([], { tenantId: OTHER_TENANT });
    const both = await Promise.all([
      send({ messageId: '<1@nexus.example>' }),
      send({ messageId: '<1@nexus.example>' }, bob),
    ]);
    for (const { id } of both) await until(id, 'sent');
    expect(server.received).toHaveLength(2);
  });

  it('hands a message over once, however many workers carry its job', async () => {
    const { id } = await send({ notBefore: new Date(Date.now() + 3_600_000) });
    const due = (await slice.superuser.query('select not_before from messages')).rows[0].not_before.toISOString();
    await Promise.all(Array.from({ length: 10 }, () => slice.as(ada, () => slice.get(MessageSender).deliver(id, due))));
    expect(server.received).toHaveLength(1);
    expect(await row(id)).toMatchObject({ state: 'sent', attempts: 1 });
  });

  it('waits for its time, and a job of another time does nothing', async () => {
    const { id } = await send({ notBefore: new Date(Date.now() + 3_600_000) });
    await slice.as(ada, () => slice.get(Jobs).enqueue(Deliver, { messageId: id, due: new Date().toISOString() }));
    await slice.settled();
    expect((await row(id)).state).toBe('queued');
    await elapse('messaging.deliver');
    await until(id, 'sent');
  });

  it('tries again after a refusal for now, under the same Message-ID', async () => {
    server.toText = () => LATER;
    const { id, messageId } = await send();
    await expect.poll(async () => (await row(id)).last_error).toContain('Greylisted');
    expect(await row(id)).toMatchObject({ state: 'queued', attempts: 1, message_id: messageId });
    server.toText = () => 'accept';
    await elapse('messaging.deliver');
    await until(id, 'sent');
    expect(server.received.map(({ headers }) => headers['message-id'])).toEqual([messageId]);
  });

  it('gives up after its last attempt, and can then be retried by a person', async () => {
    server.toText = () => LATER;
    const { id } = await send();
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      await expect
        .poll(async () => row(id), { timeout: 10_000, interval: 20 })
        .toMatchObject({ attempts: attempt, fence: null });
      await elapse('messaging.deliver');
    }
    await until(id, 'failed');
    expect(await events()).toMatchObject([{ type: 'messaging.message-failed', payload: { permanent: false } }]);
    server.toText = () => 'accept';
    await slice.as(ada, () => slice.get(MessagesService).retry(id));
    await until(id, 'sent');
  });

  it('fails for good when it is refused for good, and suppresses a mailbox that does not exist', async () => {
    server.toRecipient = () => GONE;
    const { id } = await send();
    await until(id, 'failed');
    const { rows } = await slice.superuser.query('select address, reason from suppressions');
    expect(rows).toEqual([{ address: 'asha@example.com', reason: 'hard_bounce' }]);
  });

  it('reaches those who were put off without writing twice to the others', async () => {
    const to = [{ address: 'asha@example.com' }, { address: 'ben@example.com' }];
    server.toRecipient = (address) => (address.startsWith('ben') ? LATER : 'accept');
    const { id } = await send({ to });
    await expect.poll(async () => (await row(id)).attempts).toBe(1);
    await until(id, 'queued');
    server.toRecipient = () => 'accept';
    await elapse('messaging.deliver');
    await until(id, 'sent');
    expect(server.received.map(({ recipients }) => recipients)).toEqual([['asha@example.com'], ['ben@example.com']]);
  });

  it('never repeats by itself what the server may have taken', async () => {
    server.toText = () => 'drop';
    const { id } = await send();
    await until(id, 'unknown');
    await elapse('messaging.settle-lease');
    await slice.settled();
    expect(server.received).toHaveLength(1);
    expect(await row(id)).toMatchObject({ state: 'unknown', attempts: 1 });
    expect((await events()).map(({ type }) => type)).toEqual(['messaging.message-unknown']);
  });

  it('repeats it by a person’s decision, under the same Message-ID', async () => {
    server.toText = () => 'drop';
    const { id, messageId } = await send();
    await until(id, 'unknown');
    server.toText = () => 'accept';
    await slice.as(ada, () => slice.get(MessagesService).retry(id));
    await until(id, 'sent');
    expect(server.received.map(({ headers }) => headers['message-id'])).toEqual([messageId, messageId]);
  });

  it('leaves what a person resolved alone', async () => {
    server.toText = () => 'drop';
    const { id } = await send();
    await until(id, 'unknown');
    await slice.as(ada, () => slice.get(MessagesService).resolve(id, 'sent'));
    await elapse('messaging.settle-lease');
    await slice.settled();
    expect(server.received).toHaveLength(1);
    expect((await row(id)).state).toBe('sent');
  });

  it('sends again what a dead worker had taken and not begun to hand over', async () => {
    const { id } = await send({ notBefore: new Date(Date.now() + 3_600_000) });
    await leaveBehind(id, null);
    await elapse('messaging.settle-lease');
    await expect.poll(async () => (await row(id)).last_error).toContain('ended before it was sent');
    await elapse('messaging.deliver');
    await until(id, 'sent');
    expect(server.received).toHaveLength(1);
  });

  it('does not know what became of what a dead worker had begun to hand over', async () => {
    const { id } = await send({ notBefore: new Date(Date.now() + 3_600_000) });
    await leaveBehind(id, new Date());
    await elapse('messaging.settle-lease');
    await until(id, 'unknown');
    await elapse('messaging.deliver');
    await slice.settled();
    expect(server.received).toEqual([]);
  });

  it('believes an answer that comes after its lease was settled', async () => {
    let answer: (reply: 'accept') => void = () => {};
    server.toText = () => new Promise((resolve) => (answer = resolve));
    const { id } = await send();
    await expect
      .poll(async () => (await slice.superuser.query('select call_started_at from messages')).rows[0].call_started_at)
      .not.toBeNull();
    await elapse('messaging.settle-lease');
    await until(id, 'unknown');
    answer('accept');
    await until(id, 'sent');
    expect((await events()).map(({ type }) => type)).toEqual(['messaging.message-unknown', 'messaging.message-sent']);
  });

  it('lets either the cancellation or the attempt win, never both', async () => {
    const later = new Date(Date.now() + 3_600_000);
    const sent = await Promise.all(
      Array.from({ length: 12 }, () => send({ notBefore: later, about: { kind: 'response', id: newId() } })),
    );
    const due = (
      await slice.superuser.query('select not_before from messages limit 1')
    ).rows[0].not_before.toISOString();
    const cancelled = await Promise.all(
      sent.map(async ({ id }) => {
        const attempt = slice.as(ada, () => slice.get(MessageSender).deliver(id, due));
        const cancel = slice
          .as(ada, () => slice.get(Messaging).cancel(id))
          .then(
            () => true,
            (error: unknown) => (expect(error).toBeInstanceOf(InvalidTransition), false),
          );
        return (await Promise.all([cancel, attempt]))[0];
      }),
    );
    const won = cancelled.filter(Boolean).length;
    const { rows } = await slice.superuser.query(
      "select count(*) filter (where state = 'cancelled') as cancelled, count(*) filter (where state = 'sent') as sent from messages",
    );
    expect(rows).toEqual([{ cancelled: won, sent: 12 - won }]);
    expect(server.received).toHaveLength(12 - won);
  });

  it.each([
    ['transactional', 'hard_bounce', 'suppressed'],
    ['transactional', 'manual', 'suppressed'],
    ['transactional', 'unsubscribe', 'sent'],
    ['transactional', 'complaint', 'sent'],
    ['marketing', 'hard_bounce', 'suppressed'],
    ['marketing', 'manual', 'suppressed'],
    ['marketing', 'unsubscribe', 'suppressed'],
    ['marketing', 'complaint', 'suppressed'],
  ] as const)('a %s mail after a %s is %s', async (purpose, reason, state) => {
    await slice.as(ada, () => slice.get(Messaging).suppress({ address: 'Asha@EXAMPLE.com', reason }));
    const { id } = await send({ purpose, unsubscribeUrl: 'https://nexus.example/u' });
    await until(id, state);
    expect(server.received).toHaveLength(state === 'sent' ? 1 : 0);
  });

  it('asks the list when it sends, not when it was asked to send', async () => {
    const { id } = await send({ notBefore: new Date(Date.now() + 3_600_000) });
    await slice.as(ada, () => slice.get(Messaging).suppress({ address: 'asha@example.com', reason: 'manual' }));
    await elapse('messaging.deliver');
    await until(id, 'suppressed');
    expect(await events()).toMatchObject([
      { type: 'messaging.message-suppressed', payload: { recipients: ['asha@example.com'] } },
    ]);
  });

  it('is not kept from a mail by another tenant’s list', async () => {
    const bob = anActor([], { tenantId: OTHER_TENANT });
    await slice.as(bob, () => slice.get(Messaging).suppress({ address: 'asha@example.com', reason: 'manual' }));
    const { id } = await send();
    await until(id, 'sent');
  });

  it('learns the same suppression twice without a fault', async () => {
    const suppress = () =>
      slice.as(ada, () => slice.get(Messaging).suppress({ address: 'asha@example.com', reason: 'complaint' }));
    await Promise.all([suppress(), suppress()]);
    expect((await slice.superuser.query('select 1 from suppressions')).rowCount).toBe(1);
  });

  it('forgets a confidential text once it is sent, and keeps it out of the audit trail', async () => {
    const { id } = await send({ confidential: true, text: 'https://nexus.example/reset?token=s3cr3t' });
    await until(id, 'sent');
    expect(server.received[0]!.text).toContain('s3cr3t');
    expect((await row(id)).text).toBe('');
    const { rows } = await slice.superuser.query(
      "select 1 from audit_log where coalesce(before::text, '') || coalesce(after::text, '') like '%s3cr3t%'",
    );
    expect(rows).toEqual([]);
  });

  it('counts how its mails end', async () => {
    const { id } = await send();
    await until(id, 'sent');
    expect(await slice.get(Metrics).exposition()).toMatch(/effects_total\{effect="mail",outcome="sent"\} [1-9]/);
  });

  /** As a worker leaves a message that is killed over it. */
  async function leaveBehind(id: string, callStartedAt: Date | null): Promise<void> {
    const fence = newId();
    await slice.superuser.query("select set_config('app.actor_id', $1, false)", [ada.id]);
    await slice.superuser.query(
      `update messages set state = 'sending', fence = $2, lease_until = now(), attempts = 1, call_started_at = $3 where id = $1`,
      [id, fence, callStartedAt],
    );
    await slice.superuser.query(
      `insert into outbox (tenant_id, id, kind, type, payload, actor_id, actor_name, run_at)
       values ($1, $2, 'job', 'messaging.settle-lease', $3, $4, 'Ada', now() + interval '1 hour')`,
      [TENANT, newId(), JSON.stringify({ messageId: id, fence }), ada.id],
    );
  }
});
