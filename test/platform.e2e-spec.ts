import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from './support/nexus.js';

describe('the manners of every route', () => {
  let nexus: Nexus;
  let admin: Client;
  beforeAll(async () => {
    nexus = await Nexus.start();
    admin = await nexus.login('admin');
  });
  afterAll(() => nexus.stop());

  const someone = (email: string) => ({ firstName: 'Some', lastName: 'One', email });

  it('gives a resource its ETag, and 304 to whoever has it', async () => {
    const created = await admin.post('customers', someone('etag@some.example'));
    expect(created.headers.get('location')).toBe(`/api/v1/customers/${created.body.id}`);
    const tag = created.headers.get('etag') as string;
    expect(tag).toBe('"1"');
    const again = await admin.get(`customers/${created.body.id}`, { headers: { 'if-none-match': tag } });
    expect(again).toMatchObject({ status: 304, body: '' });
    const stale = await admin.patch(
      `customers/${created.body.id}`,
      { company: 'X' },
      { headers: { 'if-match': '"7"' } },
    );
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_conflict', current: 1 } });
  });

  it('takes a merge patch by its own content type', async () => {
    const { body } = await admin.post('customers', someone('merge@some.example'));
    const raw = { type: 'application/merge-patch+json', body: JSON.stringify({ company: 'Merged' }) };
    expect(await admin.patch(`customers/${body.id}`, undefined, { raw })).toMatchObject({
      status: 200,
      body: { company: 'Merged' },
    });
  });

  it('takes the token with Bearer and raw, and no other scheme', async () => {
    const ask = (authorization: string) =>
      nexus.request('GET', 'auth/me', { headers: { authorization } }).then(({ status }) => status);
    expect(await ask(`Bearer ${admin.token}`)).toBe(200);
    expect(await ask(admin.token)).toBe(200);
    expect(await ask(`Basic ${admin.token}`)).toBe(401);
    expect(await ask(`Bearer ${admin.token}x`)).toBe(401);
  });

  it('opens no socket to anybody', async () => {
    const upgraded = (path: string, headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((done, fail) => {
        const websocket = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
        const key = { 'sec-websocket-key': Buffer.alloc(16).toString('base64') };
        const asked = request(nexus.url + path, { headers: { ...websocket, ...key, ...headers } }).end();
        asked.once('error', fail).once('response', (answer) => done(answer.resume().statusCode));
        asked.once('upgrade', ({ statusCode }, socket) => (socket.destroy(), done(statusCode)));
      });
    const token = { authorization: `Bearer ${admin.token}` };
    for (const path of ['/', '/api/v1', '/socket.io/?EIO=4&transport=websocket', '/socket.io/?EIO=4&transport=polling'])
      for (const headers of [{}, token]) expect([path, await upgraded(path, headers)]).toEqual([path, 404]);
  });

  it('pages by number and by cursor with links that work', async () => {
    const first = await admin.get('customers?limit=7');
    expect(first.body.meta).toMatchObject({ page: 1, limit: 7, hasPrev: false, hasNext: true });
    expect(first.headers.get('link')).toContain('rel="next"');
    const seen = new Set<string>();
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<Client['get']>> = await admin.get(
        `customers?limit=50&cursor=${encodeURIComponent(cursor)}`,
      );
      for (const { id } of page.body.data) seen.add(id);
      cursor = page.body.meta.nextCursor;
    }
    expect(seen.size).toBe((await admin.get('customers?limit=1')).body.meta.total);
  });

  it('tells what is loaded, that it is well, and how it is doing', async () => {
    const modules = await admin.get('modules');
    expect(modules.body.data.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['auth', 'customers', 'inquiries', 'responses', 'approvals']),
    );
    for (const port of [nexus.api.port, nexus.worker.port]) {
      for (const path of ['/health', '/health/live', '/health/ready', '/api/v1/health/ready']) {
        expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200);
      }
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(metrics).toContain('nodejs_eventloop_lag');
      expect(metrics).toContain('db_pool_connections');
      // a label for each tenant, record or path would make a series for each of them
      expect(metrics).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|tenant|\/customers\/[0-9a-f]/);
    }
  });

  it('shows the queues to whoever may manage them only', async () => {
    expect((await nexus.request('GET', '/queues')).status).toBe(401);
    const cso = await nexus.login('cso');
    expect((await cso.get('/queues')).status).toBe(403);
    expect((await admin.get('/queues')).status).toBe(200);
  });

  it('records who was refused what', async () => {
    const cso = await nexus.login('cso');
    expect((await cso.get('audit')).status).toBe(403);
    const trail = await admin.get('audit?action=denied&entity=routes');
    expect(trail.body.data[0]).toMatchObject({ entityId: 'GET /api/v1/audit', after: { permission: 'audit:read' } });
  });

  it('stores an answer with its effect: a killed API replays it', async () => {
    const headers = { 'idempotency-key': 'kill-between' };
    const body = someone('kill@between.example');
    const first = await admin.post('customers', body, { headers });
    await nexus.api.kill();
    await nexus.api.start();
    const again = await admin.post('customers', body, { headers });
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });
});

describe('rate limits', () => {
  let nexus: Nexus;
  beforeAll(async () => {
    nexus = await Nexus.start({
      apis: 2,
      workers: 0,
      env: { RATE_LIMIT_ANONYMOUS: '15', RATE_LIMIT_AUTHENTICATED: '30', RATE_LIMIT_BURST: '0' },
    });
  });
  afterAll(() => nexus.stop());

  it('count a user, say so, and say when to come back', async () => {
    const cso = await nexus.login('cso');
    const statuses: number[] = [];
    let last = await cso.get('auth/me');
    expect(last.headers.get('ratelimit-policy')).toContain('"authenticated";q=30;w=900');
    expect(Number(last.headers.get('x-ratelimit-remaining'))).toBe(29);
    // a list of strings with integer parameters: RFC 9651, as draft 10 of the fields has it
    expect(last.headers.get('ratelimit')).toMatch(/^("\w+";r=\d+;t=\d+)(, "\w+";r=\d+;t=\d+)*$/);
    expect(last.headers.get('ratelimit-policy')).toMatch(/^("\w+";q=\d+;w=\d+)(, "\w+";q=\d+;w=\d+)*$/);
    for (let n = 0; n < 32; n++) {
      last = await cso.get('auth/me');
      statuses.push(last.status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(29);
    expect(last).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    // another user of the same tenant and address has limits of their own
    expect((await (await nexus.login('cso2')).get('auth/me')).status).toBe(200);
  });

  it('count strangers by address, whatever they say of themselves, and never the probes', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 20; n++)
      statuses.push(
        (await nexus.request('GET', 'customers', { headers: { 'x-forwarded-for': `10.0.0.${n}` } })).status,
      );
    expect(statuses).toContain(401);
    expect(statuses.at(-1)).toBe(429);
    for (let n = 0; n < 20; n++) expect((await nexus.request('GET', '/health/live')).status).toBe(200);
  });

  it('count strangers by the address that the trusted proxy saw, and by no other that is claimed', async () => {
    for (const api of nexus.apis) {
      await api.stop();
      await api.start({ TRUST_PROXY: '1' });
    }
    const ask = async (seen: string, claimed: string): Promise<number> =>
      (await nexus.request('GET', 'customers', { headers: { 'x-forwarded-for': `${claimed}, ${seen}` } })).status;
    for (let n = 0; n < 15; n++) expect([n, await ask('203.0.113.1', `10.0.1.${n}`)]).toEqual([n, 401]);
    expect(await ask('203.0.113.1', '203.0.113.2')).toBe(429);
    expect(await ask('203.0.113.2', '203.0.113.1')).toBe(401);
  });
});

describe('a burst', () => {
  it('is cut off within the second', async () => {
    const nexus = await Nexus.start({ workers: 0, env: { RATE_LIMIT_BURST: '5' } });
    try {
      const cso = await nexus.login('cso');
      await wait(1100);
      const answers = await Promise.all(Array.from({ length: 12 }, () => cso.get('auth/me')));
      expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(10);
      expect(answers.some(({ status }) => status === 429)).toBe(true);
      await wait(1100);
      expect((await cso.get('auth/me')).status).toBe(200);
    } finally {
      await nexus.stop();
    }
  });
});
