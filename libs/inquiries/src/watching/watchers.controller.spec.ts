import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { TestSmtpServer } from '@app/messaging/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConversationService } from '../conversation/conversation.service.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const DESK = ['inquiries:read_all', 'inquiries:update_all', 'inquiries:create', 'customers:read_all'];

/** An API and a worker beside it. */
describe('Whoever watches an inquiry', () => {
  let [api, worker]: Slice[] = [];
  let smtp: TestSmtpServer;
  let [clerk, clara, max]: SignedIn[] = [];
  let id: string;

  beforeAll(async () => {
    smtp = await TestSmtpServer.start();
    const env = { SMTP_URL: smtp.url };
    api = await bootSlice({ contexts: inquiriesContexts, env });
    const beside = { database: api.database, config: api.config };
    worker = await bootSlice({ contexts: inquiriesContexts, app: 'worker', env, beside });
    clerk = await signIn(api, { grants: DESK });
    clara = await signIn(api, { grants: ['inquiries:read_own'], email: 'clara@acme.example' });
    max = await signIn(api, { grants: ['inquiries:read_all'], email: 'max@acme.example' });
    await api.superuser.query(`set session app.actor_id = '${clerk.userId}'`);
    await api.superuser.query(`update users set username = split_part(email, '@', 1)`);
  });
  beforeEach(async () => {
    const customerId = await api!.as(clerk!.actor, () => aKnownCustomer(api!));
    const question = { customerId, subject: 'Secret', message: 'Late.' };
    id = (await call('POST', '', question)).body.id;
    await worker!.settled();
    smtp.received.length = 0;
  });
  afterAll(async () => {
    await worker!.close();
    await api!.close();
    await smtp.stop();
  });

  const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, who = clerk) =>
    api!.http(method, `/api/v1/inquiries${path}`, { token: who!.token, body });
  const watchers = async (): Promise<string[]> =>
    (await call('GET', `/${id}/watchers`)).body.data.map(({ userId }: { userId: string }) => userId);
  const write = () =>
    api!.as(clerk!.actor, () => api!.get(ConversationService).receive(id, { body: 'And now?', at: new Date() }));
  const mails = async (): Promise<string[]> => {
    await worker!.settled();
    return smtp.received.map(({ recipients, subject }) => `${recipients.join()}: ${subject.replace(/\d+/, '')}`).sort();
  };

  it('is told when the customer writes, until they watch no longer', async () => {
    for (let again = 0; again < 2; again++)
      expect((await call('PUT', `/${id}/watchers/${max!.userId}`, undefined, max)).status).toBe(204);
    expect(await watchers()).toEqual([max!.userId]);
    await write();
    await expect.poll(mails).toEqual(['max@acme.example: The customer wrote in INQ-']);
    expect(smtp.received[0]!.raw).not.toContain('Secret');
    expect((await call('DELETE', `/${id}/watchers/${max!.userId}`, undefined, max)).status).toBe(204);
    await write();
    expect(await mails()).toHaveLength(1);
  });

  it('is told nothing any more once they may not come in', async () => {
    const leaver = await signIn(api!, { grants: ['inquiries:read_all'], email: 'lena@acme.example' });
    await api!.superuser.query(`update users set username = 'lena' where id = $1`, [leaver.userId]);
    for (const one of [leaver, max]) await call('PUT', `/${id}/watchers/${one!.userId}`, undefined, one);
    await api!.superuser.query(`update users set status = 'deactivated' where id = $1`, [leaver.userId]);
    await write();
    await call('POST', `/${id}/notes`, { body: '@lena, do you know?' });
    await expect.poll(mails).toEqual(['max@acme.example: The customer wrote in INQ-']);
    expect((await call('PUT', `/${id}/watchers/${leaver.userId}`)).body).toMatchObject({ code: 'watcher_unknown' });
  });

  it('may be added by who may change the inquiry, and adds themselves where they may read it', async () => {
    expect((await call('PUT', `/${id}/watchers/${clara!.userId}`)).status).toBe(204);
    expect((await call('PUT', `/${id}/watchers/${clara!.userId}`, undefined, max)).status).toBe(403);
    expect((await call('DELETE', `/${id}/watchers/${clara!.userId}`, undefined, max)).status).toBe(403);
    expect((await call('PUT', `/${id}/watchers/${clara!.userId}`, undefined, clara)).status).toBe(404);
    expect((await call('PUT', `/${id}/watchers/${newId()}`)).body).toMatchObject({ code: 'watcher_unknown' });
    expect(await watchers()).toEqual([clara!.userId]);
  });

  it('is mentioned in a note, and told where', async () => {
    await call('POST', `/${id}/notes`, { body: 'Please look, @clara and @max. Not clerk@acme.example or @nobody.' });
    await expect
      .poll(mails)
      .toEqual(['clara@acme.example: You are mentioned in INQ-', 'max@acme.example: You are mentioned in INQ-']);
    expect((await watchers()).sort()).toEqual([clara!.userId, max!.userId].sort());
    await call('POST', `/${id}/notes`, { body: Array.from({ length: 21 }, (_, n) => `@x${n}`).join(' ') + ' @max' });
    expect(await mails()).toHaveLength(2);
  });
});
