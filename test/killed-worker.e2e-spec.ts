import { newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authContexts } from '@app/auth/testing';
import { Messaging } from '@app/messaging';
import { aMail, TestSmtpServer } from '@app/messaging/testing';
import { LoneWorker } from './support/lone-worker.js';

const ada = anActor();
const PATIENCE = { timeout: 20_000, interval: 50 };

describe('Workers in processes of their own', () => {
  let server: TestSmtpServer;
  let slice: Slice;
  let workers: LoneWorker[] = [];

  beforeAll(async () => {
    server = await TestSmtpServer.start();
    slice = await bootSlice({ contexts: authContexts });
  });
  afterAll(async () => {
    await slice?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    server.received.splice(0);
    await slice.empty('messages', 'outbox', 'deliveries');
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    workers = [];
  });

  const start = (env: NodeJS.ProcessEnv = {}): LoneWorker => {
    const { DATABASE_URL, REDIS_URL } = slice.config;
    const worker = LoneWorker.start({
      CONTEXTS: 'messaging',
      DATABASE_URL,
      REDIS_URL,
      SMTP_URL: server.url,
      LOG_LEVEL: 'error',
      ...env,
    });
    workers.push(worker);
    return worker;
  };
  const send = () =>
    slice.as(ada, () => slice.get(Messaging).send(aMail({ about: { kind: 'response', id: newId() } })));
  const states = async (): Promise<string[]> =>
    (await slice.superuser.query<{ state: string }>('select state from messages order by id')).rows.map(
      ({ state }) => state,
    );
  /** The time of every timer, and of what the dead worker carried. */
  const elapse = async (): Promise<void> => {
    await slice.superuser.query(
      "update outbox set run_at = clock_timestamp() where kind = 'job' and published_at is null",
    );
    await slice.superuser.query(
      "update deliveries set due_at = clock_timestamp() where state in ('pending', 'running')",
    );
  };

  it.each([
    ['messaging.leased', 'queued', 0],
    ['messaging.begun', 'unknown', 0],
    ['messaging.answered', 'unknown', 1],
    ['messaging.kept', 'sent', 1],
  ])('killed at %s leave a message %s', async (point, state, received) => {
    const { messageId } = await send();
    expect(await start({ FAILPOINT: point }).killed()).toBe('SIGKILL');
    expect(await states()).toEqual([state === 'sent' ? 'sent' : 'sending']);
    await elapse();
    start();
    await expect.poll(states, PATIENCE).toEqual([state]);
    expect(server.received).toHaveLength(received);

    await elapse(); // whatever was left for later happens now
    if (state === 'queued') await expect.poll(states, PATIENCE).toEqual(['sent']);
    await slice.settled();
    const sent = server.received.map(({ headers }) => headers['message-id']);
    expect(sent).toEqual(state === 'queued' || received ? [messageId] : []);
  });

  it('share the work and send each mail once', async () => {
    start();
    start();
    const sent = await Promise.all(Array.from({ length: 40 }, () => send()));
    await expect.poll(async () => (await states()).every((state) => state === 'sent'), PATIENCE).toBe(true);
    const received = server.received.map(({ headers }) => headers['message-id']).sort();
    expect(received).toEqual(sent.map(({ messageId }) => messageId).sort());
  });
});
