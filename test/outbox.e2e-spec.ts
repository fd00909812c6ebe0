import { randomUUID } from 'node:crypto';
// eslint-disable-next-line nexus/no-queue-outside-platform -- this test is Redis that repeats itself
import Bull from 'bull';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aMail } from './support/mails.js';
import { type Client, Nexus } from './support/nexus.js';

/** What must follow from a committed change follows: late, twice or over dead workers, and its effect is there once. */
describe('the outbox over two workers', () => {
  let nexus: Nexus;
  let admin: Client;
  beforeAll(async () => {
    nexus = await Nexus.start({ apis: 2, workers: 2, env: { WORKER_SILENCE_SECONDS: '4' } });
    admin = await nexus.login('admin');
  });
  afterAll(() => nexus.stop());
  afterEach(async () => {
    for (const worker of nexus.workers) if (!worker.isRunning) await worker.start();
  });

  const rows = async (sql: string, values: unknown[] = []) => (await nexus.superuser.query(sql, values)).rows;
  const ingest = async (over: Parameters<typeof aMail>[0] = {}): Promise<string> =>
    (await admin.post('mail/raw', undefined, { raw: { type: 'message/rfc822', body: aMail(over) } })).body.id;
  const stateOf = async (id: string): Promise<string> =>
    (await rows('select state from mails where id = $1', [id]))[0].state;
  const counted = async (): Promise<object> =>
    (
      await rows(
        'select (select count(*) from inquiries) i, (select count(*) from inquiry_messages) m, (select count(*) from customers) c, (select count(*) from outbox) o',
      )
    )[0];
  const tenantId = async (): Promise<string> => (await rows("select id from tenants where slug = 'demo'"))[0].id;

  it('delivers what commits long after later events were taken', async () => {
    const late = randomUUID();
    await nexus.superuser.query('begin');
    await nexus.superuser.query(
      "insert into outbox (tenant_id, id, kind, type, payload, actor_id, actor_name) values ($1, $2, 'job', 'mail.parse', $3, $2, 'Late')",
      [await tenantId(), late, { mailId: randomUUID() }],
    );
    const early = await ingest({ from: 'Early <early@outbox.example>' });
    await expect
      .poll(async () => (await admin.get(`mail/messages/${early}`)).body.state, { timeout: 15_000 })
      .toBe('routed');
    await nexus.superuser.query('commit');
    await nexus.settled();
    expect(await rows('select state, attempts from deliveries where event_id = $1', [late])).toEqual([
      { state: 'done', attempts: 1 },
    ]);
  });

  it('has every effect once, though Redis carries every delivery four times', async () => {
    for (let n = 0; n < 5; n++) await ingest({ from: `Thrice ${n} <${n}@thrice.example>` });
    await nexus.settled();
    const before = await counted();
    const parcels = await rows(
      'select tenant_id as "tenantId", event_id as "eventId", listener, generation from deliveries',
    );
    const queue = new Bull('deliveries', nexus.env.REDIS_URL as string, { prefix: '{nexus}' });
    try {
      const again = parcels.flatMap((data) => [data, data, data]);
      await queue.addBulk(again.map((data) => ({ data, opts: { removeOnComplete: true } })));
      await expect.poll(() => queue.getJobCounts(), { timeout: 15_000 }).toMatchObject({ waiting: 0, active: 0 });
    } finally {
      await queue.close();
    }
    expect(parcels.length).toBeGreaterThan(10);
    expect(await counted()).toEqual(before);
    expect(await rows("select 1 from deliveries where state <> 'done' or attempts > 1")).toEqual([]);
  });

  it('sets a mail aside that kills whoever reads it, and reads the others meanwhile', async () => {
    for (const worker of nexus.workers) await worker.stop();
    const poison = await ingest({ from: 'Poison <poison@outbox.example>' });
    for (let crash = 1; crash <= 5; crash++) {
      await nexus.worker.start({ FAILPOINT: 'mail.read:1:exit' }).catch(() => undefined);
      await nexus.worker.ended();
      expect(await rows("select attempts from deliveries where listener = 'mail.parse' and state = 'running'")).toEqual(
        [{ attempts: crash }],
      );
      // as when the lease is over, which would take this test minutes
      await nexus.superuser.query("update deliveries set due_at = clock_timestamp() where state = 'running'");
    }
    const other = await ingest({ from: 'Other <other@outbox.example>' });
    await nexus.worker.start();
    await nexus.settled();
    expect(await stateOf(other)).toBe('routed');
    expect((await admin.get(`mail/messages/${poison}`)).body).toMatchObject({
      state: 'quarantined',
      quarantineReason: 'crashed',
    });
  });

  it('is not misled by workers whose clocks are an hour off', async () => {
    const off = new URL('./support/clock-off.mjs', import.meta.url).href;
    const hour = 3_600_000;
    for (const [index, worker] of nexus.workers.entries()) {
      await worker.stop();
      await worker.start({ NODE_OPTIONS: `--import=${off}`, CLOCK_OFF_MS: String(index ? -hour : hour) });
    }
    const [cso, manager] = (await Promise.all(['cso', 'manager'].map((name) => nexus.login(name)))) as [Client, Client];
    const mail = await ingest({ from: 'Punctual <punctual@outbox.example>' });
    await expect.poll(() => stateOf(mail), { timeout: 15_000 }).toBe('routed');
    const { inquiryId } = (await admin.get(`mail/messages/${mail}`)).body;
    const { id } = (await cso.post('responses', { inquiryId, message: 'On time.' })).body;
    await cso.post(`responses/${id}/submit`, { revision: 1 });
    await manager.post(`responses/${id}/approve`, { revision: 1 });
    const sendAt = new Date(Date.now() + 4_000).toISOString();
    expect((await manager.post(`responses/${id}/schedule`, { revision: 1, sendAt })).status).toBe(200);
    await rows("update schedules set next_run_at = now() where name = 'auth.purge-sessions' and tenant_id = $1", [
      await tenantId(),
    ]);

    const sent = () => nexus.sink.messages().filter(({ to }) => JSON.stringify(to).includes('punctual@outbox.example'));
    await expect.poll(() => sent().length, { timeout: 20_000, interval: 50 }).toBe(1);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(sendAt));
    await nexus.settled();
    expect(sent()).toHaveLength(1);
    const ticks =
      "select 1 from outbox where type = 'auth.purge-sessions' and tenant_id = $1 and at > now() - interval '1 minute'";
    expect(await rows(ticks, [await tenantId()])).toHaveLength(1);
    const response = (await admin.get(`responses/${id}`)).body;
    expect(response.status).toBe('sent');
    expect(Math.abs(Date.parse(response.sentAt) - Date.parse(sendAt))).toBeLessThan(10_000);
    const { createdAt } = (await admin.get(`inquiries/${inquiryId}`)).body;
    expect(Math.abs(Date.parse(createdAt) - Date.now())).toBeLessThan(60_000);
    for (const worker of nexus.workers) expect(worker.output).toContain('the clock of this machine is off');
    for (const worker of nexus.workers) await worker.stop(); // the next test's have the time again
  });

  it('buries what fails on every attempt, where it can be seen, redriven and given up', async () => {
    const id = await ingest({ from: 'Dead <dead@outbox.example>' });
    await nexus.settled();
    await nexus.superuser.query(
      "update deliveries set state = 'dead', attempts = 8, last_error = 'Error: as told' where event_id in (select id from outbox where payload->>'mailId' = $1)",
      [id],
    );
    const { data } = (await admin.get('dead-letters?sort=diedAt')).body;
    expect(data.length).toBeGreaterThan(1);
    expect(data[0]).toMatchObject({ attempts: 8, lastError: 'Error: as told', occurredAt: expect.any(String) });
    const [first, ...rest] = data as { id: string }[];
    expect((await admin.post(`dead-letters/${first!.id}/redrive`)).status).toBe(204);
    for (const letter of rest) expect((await admin.delete(`dead-letters/${letter.id}`)).status).toBe(204);
    expect((await admin.post(`dead-letters/${first!.id}/redrive`)).status).toBe(404);
    await nexus.settled();
    expect((await admin.get('dead-letters')).body.data).toEqual([]);
    expect(
      (await admin.get('audit?entity=deliveries')).body.data.map(({ action }: { action: string }) => action),
    ).toContain('redriven');
    const cso = await nexus.login('cso');
    expect((await cso.get('dead-letters')).status).toBe(403);
    const foreigner = await nexus.login('admin@acme.example');
    expect((await foreigner.delete(`dead-letters/${first!.id}`)).status).toBe(404);
  });
});
