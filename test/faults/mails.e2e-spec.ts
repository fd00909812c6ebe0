import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IMAP_LOGIN, ImapServer } from '@app/mail/testing';
import { aMail } from '../support/mails.js';
import { type Client, Nexus } from '../support/nexus.js';
import { WORKER_SILENCE_SECONDS } from './load.js';

/** What comes in and goes out by mail, when a process dies on the way. */
describe('mails under way when a process dies', () => {
  let nexus: Nexus;
  let admin: Client;
  beforeAll(async () => {
    nexus = await Nexus.start({
      apis: 1,
      workers: 2,
      env: { WORKER_SILENCE_SECONDS, OUTBOUND_PRIVATE_NETWORKS: '127.0.0.1' },
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
