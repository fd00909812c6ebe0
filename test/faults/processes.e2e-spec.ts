import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IMAP_LOGIN, ImapServer } from '@app/mail/testing';
import { aMail } from '../support/mails.js';
import { type Client, Nexus } from '../support/nexus.js';
import { checked, Load, WORKER_SILENCE_SECONDS } from './load.js';

/** Each fault strikes in the middle of work; afterwards nothing is lost and nothing has happened twice. */
describe('processes that die in the middle of the work', () => {
  let nexus: Nexus;
  let admin: Client;
  beforeAll(async () => {
    // as in production: a stopping process still accepts while balancers notice, and asks its clients to connect anew
    nexus = await Nexus.start({
      apis: 1,
      workers: 2,
      env: { SHUTDOWN_DELAY_SECONDS: '1', WORKER_SILENCE_SECONDS, OUTBOUND_PRIVATE_NETWORKS: '127.0.0.1' },
    });
    admin = await nexus.login('admin');
  });
  afterAll(() => nexus.stop());
  afterEach(async () => {
    for (const process of [...nexus.apis, ...nexus.workers]) if (!process.isRunning) await process.start();
  });

  /** Nobody else does the work before it comes to the point where it dies. */
  const oneWorkerAlone = async (failpoint: string): Promise<void> => {
    await Promise.all(nexus.workers.map((worker) => worker.stop()));
    await nexus.worker.start({ FAILPOINT: failpoint });
  };

  it('F1: the API is killed in the middle of requests', async () => {
    const load = new Load(admin).start();
    for (let round = 0; round < 3; round++) {
      await load.more(20);
      await nexus.api.kill();
      const started = Date.now();
      await nexus.api.start();
      expect(Date.now() - started).toBeLessThan(10_000);
    }
    await checked(nexus, load);
  });

  it('F3: workers are killed in the middle of jobs', async () => {
    const load = new Load(admin).start(2); // leaves the starting workers some of the machine
    for (let round = 0; round < 4; round++) {
      await load.more(20);
      const worker = nexus.workers[round % 2]!;
      await worker.kill();
      await worker.start();
    }
    await checked(nexus, load);
  });

  it('F3: a worker dies between the effect and its settled delivery', async () => {
    await nexus.worker.stop();
    await nexus.worker.start({ FAILPOINT: 'delivery.handled:2:exit' });
    const load = new Load(admin).start(2);
    await nexus.worker.ended();
    await nexus.worker.start();
    await load.more(10);
    await checked(nexus, load);
  });

  it('F17: restarts under load drop no accepted request', async () => {
    const { api } = nexus;
    const failures: string[] = [];
    let served = 0;
    let running = true;
    // as a balancer does: what is not ready gets nothing new, what was ready a moment ago answers what it got
    const isReady = () =>
      fetch(`http://127.0.0.1:${api.port}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    const balancer = (async () => {
      while (running) {
        if (!(await isReady())) {
          await wait(20);
          continue;
        }
        await admin.get('customers?limit=5').then(
          ({ status, body }) => (status === 200 ? served++ : failures.push(JSON.stringify(body))),
          ({ cause }: Error) => failures.push(String(cause)),
        );
      }
    })();
    for (let round = 0; round < 3; round++) {
      await wait(400);
      expect(await api.stop()).toBe(0);
      await api.start();
    }
    running = false;
    await balancer;
    expect(failures).toEqual([]);
    expect(served).toBeGreaterThan(20);
  });

  it('F2: what was committed before the API died is delivered, and no answer is sent twice', async () => {
    const [admin, cso, manager] = (await Promise.all(['admin', 'cso', 'manager'].map((name) => nexus.login(name)))) as [
      Client,
      Client,
      Client,
    ];
    const { body } = await admin.post('mail/raw', undefined, {
      raw: { type: 'message/rfc822', body: aMail({ from: 'Edsger <edsger@twente.example>' }) },
    });
    await nexus.api.kill();
    await nexus.api.start();
    await nexus.settled();
    const { inquiryId } = (await admin.get(`mail/messages/${body.id}`)).body;
    await cso.post(`inquiries/${inquiryId}/take`);
    const draft = await cso.post('responses', { inquiryId, message: 'Go to it.' });
    await cso.post(`responses/${draft.body.id}/submit`, {});
    await oneWorkerAlone('delivery.begun:1:exit');
    expect((await manager.post(`responses/${draft.body.id}/approve`, { revision: 1 })).status).toBe(200);
    await nexus.worker.ended();
    await nexus.worker.start();
    await expect
      .poll(async () => (await cso.get(`responses/${draft.body.id}`)).body.status, { timeout: 60_000, interval: 300 })
      .toBe('sent');
    expect(nexus.sink.messages().filter(({ to }) => to.includes('edsger@twente.example'))).toHaveLength(1);
  });

  it('F3: a worker dies between storing polled mails and saying so, and the next loses and doubles none', async () => {
    const server = await ImapServer.start();
    for (let n = 1; n <= 60; n++) server.add(Buffer.from(aMail({ from: `Pat <pat${n}@polled.example>` })));
    const { id } = (await admin.get('mailboxes?limit=1')).body.data[0];
    await oneWorkerAlone('mail.polled:2:exit');
    const source = { host: '127.0.0.1', port: server.port, security: 'none', ...IMAP_LOGIN };
    expect((await admin.put(`mailboxes/${id}/imap`, source)).status).toBe(200);
    await nexus.worker.ended();
    await nexus.superuser.query('update imap_polls set lease_until = clock_timestamp()'); // it would run three minutes
    await nexus.worker.start();
    const completeness = async () => (await admin.get(`mailboxes/${id}/completeness`)).body;
    await expect.poll(async () => (await completeness()).status, { timeout: 30_000, interval: 200 }).toBe('complete');
    expect((await completeness()).summary).toBe('accounted for 60 of 60');
    await nexus.settled(30_000);
    const { rows } = await nexus.superuser.query(
      `select count(*)::int as mails, count(distinct inquiry_id)::int as inquiries from mails where from_address like '%@polled.example'`,
    );
    expect(rows).toEqual([{ mails: 60, inquiries: 60 }]);
    await server.stop();
  });
});
