import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from './support/nexus.js';

const OPERATOR = 'm4Rk7Tq2Vw9Xz1Bn6Cp8Ds3Fg5Hj0LaE';

/** What an attacker and an auditor try first, over two APIs. */
describe('the product under attack', () => {
  let nexus: Nexus;
  let admin: Client;
  let cso: Client;
  let manager: Client;
  beforeAll(async () => {
    nexus = await Nexus.start({ apis: 2, env: { LOG_LEVEL: 'trace', METRICS_TOKEN: OPERATOR } });
    [admin, cso, manager] = await Promise.all([nexus.login('admin'), nexus.login('cso'), nexus.login('manager')]);
  });
  afterAll(() => nexus.stop());

  const rows = async (sql: string, values: unknown[] = []) => (await nexus.superuser.query(sql, values)).rows;
  const logIn = async (email: string, password: string) =>
    (await nexus.request('POST', 'auth/login', { body: { email, password } })).body;

  it('reads no raw mail for a stranger, however large and wherever it is sent', async () => {
    const raw = { type: 'message/rfc822', body: Buffer.alloc(20 * 1024 * 1024, 'a') };
    const begun = Date.now();
    expect((await nexus.request('POST', 'auth/login', { raw })).status).toBe(415);
    expect((await nexus.request('POST', 'mail/raw', { raw })).status).toBe(401);
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  it('takes no id of another tenant in a body', async () => {
    const idIn = async (slug: string, table: string): Promise<string> =>
      (
        await rows(`select x.id from ${table} x join tenants t on t.id = x.tenant_id where t.slug = $1 limit 1`, [slug])
      )[0].id;
    const idsIn = async (slug: string): Promise<Record<string, string>> => {
      const ids: Record<string, string> = {};
      for (const table of ['users', 'teams', 'roles', 'customers', 'inquiries', 'responses'])
        ids[table] = await idIn(slug, table);
      return ids;
    };
    const [ours, theirs] = [await idsIn('demo'), await idsIn('acme')];
    const inquiry = { subject: 'Theirs', message: 'Is it?' };
    const tries: [method: 'POST' | 'PUT' | 'PATCH', path: string, body: object][] = [
      ['POST', `customers/${ours.customers}/assign`, { userId: theirs.users }],
      ['PATCH', `customers/${ours.customers}`, { teamId: theirs.teams }],
      ['POST', 'customers', { firstName: 'Theirs', teamId: theirs.teams }],
      ['POST', 'inquiries', { ...inquiry, customerId: theirs.customers }],
      ['POST', 'inquiries', { ...inquiry, customerId: ours.customers, teamId: theirs.teams }],
      ['POST', `inquiries/${ours.inquiries}/assign`, { assignedTo: theirs.users }],
      ['POST', `inquiries/${ours.inquiries}/assign`, { assignedTo: null, teamId: theirs.teams }],
      ['POST', 'responses', { inquiryId: theirs.inquiries, message: 'Theirs' }],
      ['POST', 'responses', { inquiryId: ours.inquiries, message: 'Theirs', corrects: theirs.responses }],
      ['PUT', `teams/${ours.teams}/members/${theirs.users}`, {}],
      ['PUT', `users/${ours.users}/roles`, { roles: [theirs.roles] }],
      ['POST', 'users', { email: 'theirs@demo.example', firstName: 'Theirs', roles: [theirs.roles] }],
    ];
    for (const [method, path, body] of tries) {
      const headers = { authorization: `Bearer ${admin.token}` };
      const { status } = await nexus.request(method, path, { body, headers });
      expect({ path, body, isRefused: [404, 422].includes(status) }).toEqual({ path, body, isRefused: true });
    }
    const operations = [{ op: 'update', id: theirs.customers, data: { firstName: 'Ours' } }];
    const bulk = await admin.post('customers/bulk', { operations });
    expect(bulk.body.data[0].status).toBe(404);
  });

  it('shows the jobs of all tenants to the operator alone', async () => {
    const operator = { authorization: `Basic ${Buffer.from(`operator:${OPERATOR}`).toString('base64')}` };
    for (const path of ['/queues', '/queues/api/queues']) {
      expect((await admin.get(path)).status).toBe(401);
      expect((await nexus.request('GET', path)).headers.get('www-authenticate')).toMatch(/^Basic/);
      expect((await nexus.request('GET', path, { headers: operator })).status).toBe(200);
    }
    const clean = await nexus.request('PUT', '/queues/api/queues/deliveries/clean/completed', { headers: operator });
    expect(clean.status).toBe(405);
  });

  it('ends and changes access at once in every process, whatever is under way', async () => {
    const sales = await nexus.login('sales');
    const { id } = (await sales.get('auth/me')).body;
    const statuses = (client: Client, path: string) =>
      Promise.all(nexus.apis.map(async (at) => (await client.get(path, { at })).status));
    const during = async (client: Client, change: () => Promise<{ status: number }>): Promise<void> => {
      let isOver = false;
      const reading = nexus.apis.map(async (at) => {
        while (!isOver) await client.get('customers?limit=1', { at });
      });
      expect((await change()).status).toBe(200);
      isOver = true;
      await Promise.all(reading);
    };
    for (let round = 0; round < 10; round++) {
      const roles = round % 2 ? ['Sales Representative'] : [];
      const at = nexus.apis[round % 2];
      await during(sales, () => admin.put(`users/${id}/roles`, { roles }, { at }));
      expect(await statuses(sales, 'customers?limit=1')).toEqual(round % 2 ? [200, 200] : [403, 403]);
    }
    const headers = { 'idempotency-key': 'deactivate-sales' };
    await during(sales, () => admin.post(`users/${id}/deactivate`, {}, { headers }));
    expect(await statuses(sales, 'auth/me')).toEqual([401, 401]);
  });

  it('leaves secrets nowhere, and words only where they belong', async () => {
    const password = 'Canary-Password-1';
    const wanted = 'Canary-Password-2';
    const email = 'canary@demo.example';
    const user = { email, firstName: 'Canary', password, roles: ['CSO'] };
    expect((await admin.post('users', user, { headers: { 'idempotency-key': 'canary' } })).status).toBe(201);
    const session = await logIn(email, password);
    const change = { currentPassword: password, newPassword: wanted };
    expect((await nexus.client(session.accessToken).post('auth/password/change', change)).status).toBe(200);
    await logIn(email, 'Canary-Password-3');
    await nexus.request('POST', 'auth/password/forgot', { body: { email } });
    const key = (await admin.post('service-tokens', { name: 'Canary', grants: ['customers:read_own'] })).body.key;
    const words = await answer({ message: 'CanaryQuestion', note: 'CanaryNote', response: 'CanaryAnswer' });
    await nexus.settled();
    const mailed = JSON.stringify(nexus.sink.messages());
    const code = /(?<= {4})[\w-]{43}/.exec(mailed)?.[0] ?? '';
    expect(code).toHaveLength(43);

    const secrets = { password, wanted, wrong: 'Canary-Password-3', access: session.accessToken.split('.')[2], code };
    const canaries = { ...secrets, refresh: session.refreshToken, device: session.deviceToken, key: key.slice(13) };
    const found = await holdersOf({ ...canaries, ...words });
    expect(found).toEqual([
      'inquiries: message',
      'inquiry_messages: message',
      'inquiry_messages: note',
      'response_revisions: response',
      'responses: response',
    ]);
  });

  /** A question, a note and an answer that is approved. */
  async function answer(words: { message: string; note: string; response: string }): Promise<typeof words> {
    const customer = await cso.post('customers', { firstName: 'Canary', lastName: 'Bird' });
    const asked = { customerId: customer.body.id, subject: 'Where is my cage?', message: words.message };
    const inquiry = await cso.post('inquiries', asked);
    await cso.post(`inquiries/${inquiry.body.id}/notes`, { body: words.note });
    const { body } = await cso.post('responses', { inquiryId: inquiry.body.id, message: words.response });
    await cso.post(`responses/${body.id}/submit`, { revision: 1 });
    expect((await manager.post(`responses/${body.id}/approve`, { revision: 1 })).status).toBe(200);
    return words;
  }

  /** Every table, every key of Redis and all that was logged, searched for each of these. */
  async function holdersOf(canaries: Record<string, string>): Promise<string[]> {
    const places = new Map<string, string>();
    const tables = await rows(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables) places.set(name, JSON.stringify(await rows(`select x::text from ${name} x`)));
    for (const process of [...nexus.apis, ...nexus.workers]) places.set(`log of ${process.name}`, process.output);
    const redis = new Redis(String(nexus.env.REDIS_URL));
    for (const name of await redis.keys('*')) places.set(`redis ${name}`, `${name} ${await contentOf(redis, name)}`);
    await redis.quit();
    const held = [...places].flatMap(([place, text]) =>
      Object.entries(canaries)
        .filter(([, canary]) => text.includes(canary))
        .map(([name]) => `${place}: ${name}`),
    );
    return held.sort();
  }

  async function contentOf(redis: Redis, key: string): Promise<string> {
    switch (await redis.type(key)) {
      case 'hash':
        return JSON.stringify(await redis.hgetall(key));
      case 'list':
        return (await redis.lrange(key, 0, -1)).join();
      case 'zset':
        return (await redis.zrange(key, 0, -1)).join();
      case 'string':
        return (await redis.get(key)) ?? '';
      default:
        return '';
    }
  }
});
