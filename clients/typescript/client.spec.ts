import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ifMatch, NexusClient, ProblemError, type Tokens } from './index.js';

type Seen = { method: string; url: URL; headers: IncomingMessage['headers']; body: string };
type Reply = { status?: number; body?: unknown; headers?: Record<string, string> };

const problem = (status: number, code: string, more: object = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: {
    type: `urn:nexus:problem:${code}`,
    title: code,
    status,
    detail: `It is ${code}`,
    code,
    requestId: 'r1',
    ...more,
  },
});

describe('The client', () => {
  let server: Server;
  let baseUrl: string;
  let seen: Seen[];
  let answer: (request: Seen) => Reply;

  beforeAll(async () => {
    server = createServer((request, reply) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', headers } = request;
        const one = {
          method,
          url: new URL(request.url ?? '', baseUrl),
          headers,
          body: Buffer.concat(chunks).toString(),
        };
        seen.push(one);
        const { status = 200, body, headers: told } = answer(one);
        reply.writeHead(status, { 'content-type': 'application/json', ...told });
        reply.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((done) => server.close(done)));
  beforeEach(() => {
    seen = [];
    answer = () => ({ body: {} });
  });

  const tokens = (n: number): Tokens => ({ accessToken: `access-${n}`, refreshToken: `refresh-${n}` });
  const client = (options: object = {}) => new NexusClient({ baseUrl, ...options });
  const sentTo = (path: string) => seen.filter(({ url }) => url.pathname === path);
  const ada = { firstName: 'Ada', lastName: 'L', email: 'ada@l.example' };

  /** Takes the tokens of this turn alone, and exchanges each refresh token for the next. */
  const withTurns = (turn: number) => (request: Seen) => {
    if (request.url.pathname !== '/api/v1/auth/refresh')
      return request.headers.authorization === `Bearer access-${turn}`
        ? { body: { ok: true } }
        : problem(401, 'unauthenticated');
    return request.body === JSON.stringify({ refreshToken: `refresh-${turn - 1}` })
      ? { body: tokens(turn) }
      : problem(401, 'refresh_refused');
  };

  it('acts as who has logged in', async () => {
    answer = ({ url }) => (url.pathname.endsWith('/login') ? { body: tokens(1) } : { body: {} });
    const nexus = client();
    await nexus.login({ email: 'ada@l.example', password: 'secret' });
    await nexus.GET('/api/v1/auth/me');
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer access-1']);
  });

  it('is nobody yet while a second factor is due', async () => {
    answer = () => ({ body: { mfaRequired: true, mfaToken: 'm', methods: ['totp'] } });
    const nexus = client();
    expect(await nexus.login({ email: 'ada@l.example', password: 'secret' })).toMatchObject({ mfaRequired: true });
    expect(nexus.isLoggedIn).toBe(false);
  });

  it('takes a service token instead', async () => {
    await client({ apiKey: 'nxs_1' }).GET('/api/v1/auth/me');
    expect(seen[0]?.headers).toMatchObject({ 'x-api-key': 'nxs_1' });
  });

  it('exchanges a token that is over once for twenty calls, and sends each again with its body', async () => {
    const kept: unknown[] = [];
    answer = withTurns(2);
    const nexus = client({ tokens: tokens(1), onTokens: (next: unknown) => kept.push(next) });
    await Promise.all(Array.from({ length: 20 }, () => nexus.POST('/api/v1/customers', { body: ada })));
    expect(sentTo('/api/v1/auth/refresh')).toHaveLength(1);
    expect(kept).toEqual([tokens(2)]);
    const again = sentTo('/api/v1/customers').filter(({ headers }) => headers.authorization === 'Bearer access-2');
    expect(again.map(({ body }) => JSON.parse(body) as unknown)).toEqual(Array(20).fill(ada));
    const keys = new Set(sentTo('/api/v1/customers').map(({ headers }) => headers['idempotency-key']));
    expect(keys.size).toBe(20); // sent again with the key of the first time
  });

  it('says so when the session is over, and is nobody then', async () => {
    const kept: unknown[] = [];
    answer = withTurns(9);
    const nexus = client({ tokens: tokens(1), onTokens: (next: unknown) => kept.push(next) });
    await expect(nexus.GET('/api/v1/auth/me')).rejects.toMatchObject({ code: 'refresh_refused', status: 401 });
    expect(nexus.isLoggedIn).toBe(false);
    expect(kept).toEqual([undefined]);
  });

  it('exchanges nothing for a 401 that is an answer of the route', async () => {
    answer = () => problem(401, 'mfa_refused');
    const nexus = client({ tokens: tokens(1) });
    await expect(nexus.GET('/api/v1/auth/me')).rejects.toMatchObject({ code: 'mfa_refused' });
    expect(seen).toHaveLength(1);
    expect(nexus.isLoggedIn).toBe(true);
  });

  it('gives what creates a key of its own, or the one it is given, and nothing else one', async () => {
    const nexus = client();
    await nexus.POST('/api/v1/customers', { body: ada });
    await nexus.POST('/api/v1/customers', { body: ada });
    await nexus.POST('/api/v1/customers', { body: ada, params: { header: { 'Idempotency-Key': 'mine' } } });
    await nexus.POST('/api/v1/auth/logout');
    const [one, two, three, four] = seen.map(({ headers }) => headers['idempotency-key']);
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(two).not.toBe(one);
    expect([three, four]).toEqual(['mine', undefined]);
  });

  it('passes on which version was seen', async () => {
    const path = { id: '1' };
    await client().PATCH('/api/v1/customers/{id}', { params: { path, header: ifMatch({ version: 7 }) }, body: {} });
    expect(seen[0]?.headers['if-match']).toBe('"7"');
  });

  it('throws what is refused, with its code, its fields and when to come back', async () => {
    const errors = [{ pointer: '/email', code: 'isEmail', message: 'no address' }];
    answer = () => {
      const { headers, ...reply } = problem(429, 'rate_limited', { errors });
      return { ...reply, headers: { ...headers, 'retry-after': '12' } };
    };
    const refused = await client()
      .GET('/api/v1/auth/me')
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({
      code: 'rate_limited',
      status: 429,
      errors,
      retryAfterSeconds: 12,
      requestId: 'r1',
    });
  });

  it('throws also what a proxy answers in between', async () => {
    answer = () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' });
    await expect(client().GET('/api/v1/auth/me')).rejects.toMatchObject({ code: 'not_a_problem', status: 502 });
  });

  it('reads a list by its cursors, with the same filters, and no page more than is wanted', async () => {
    const pages: Record<string, { data: object[]; next: string | null }> = {
      '': { data: [{ id: '1' }, { id: '2' }], next: 'a+b' },
      'a+b': { data: [{ id: '3' }], next: null },
    };
    answer = ({ url }) => {
      const { data, next } = pages[url.searchParams.get('cursor') ?? 'none']!;
      return { body: { data, meta: { nextCursor: next } } };
    };
    const ids: string[] = [];
    for await (const { id } of client().each('/api/v1/customers', { query: { status: 'active', limit: 2 } }))
      ids.push(id);
    expect(ids).toEqual(['1', '2', '3']);
    expect(seen.map(({ url }) => url.searchParams.get('status'))).toEqual(['active', 'active']);
    seen = [];
    for await (const { id } of client().each('/api/v1/customers', {})) if (id === '2') break;
    expect(seen).toHaveLength(1);
  });
});
