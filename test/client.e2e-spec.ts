import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ifMatch, NexusClient, type ProblemError, type Tokens } from '@nexus/client';
import { Nexus } from './support/nexus.js';

describe('the typed client, over the running API', () => {
  let nexus: Nexus;
  let kept: Tokens | undefined;
  let client: NexusClient;
  beforeAll(async () => {
    nexus = await Nexus.start({ workers: 0, env: { JWT_EXPIRATION: '2s' } });
    client = new NexusClient({ baseUrl: nexus.url, onTokens: (tokens) => (kept = tokens) });
    await client.login({ email: 'admin@demo.example', password: 'Nexus-Demo-1' });
  });
  afterAll(() => nexus?.stop());

  const refusal = (call: Promise<unknown>): Promise<ProblemError> =>
    call.then(
      () => expect.unreachable('it was not refused'),
      (error: ProblemError) => error,
    );

  it('reads every customer once, by cursor', async () => {
    const ids: string[] = [];
    for await (const { id } of client.each('/api/v1/customers', { query: { limit: 7 } })) ids.push(id);
    expect(ids.length).toBeGreaterThan(7);
    const { data } = await client.GET('/api/v1/customers', { params: { query: { limit: 1 } } });
    expect([new Set(ids).size, ids.length]).toEqual([data.meta.total, data.meta.total]);
  });

  it('creates once with one key, and loses no change of somebody else', async () => {
    const body = { firstName: 'Grace', lastName: 'Hopper', email: 'grace@client.example' };
    const create = () =>
      client.POST('/api/v1/customers', { body, params: { header: { 'Idempotency-Key': 'once-by-client' } } });
    const first = await create();
    const again = await create();
    expect(again.data.id).toBe(first.data.id);
    expect(again.response.headers.get('idempotent-replayed')).toBe('true');

    const params = { path: { id: first.data.id }, header: ifMatch(first.data) };
    const changed = await client.PATCH('/api/v1/customers/{id}', { params, body: { company: 'Navy' } });
    expect(changed.data).toMatchObject({ company: 'Navy', version: 2 });
    const stale = await refusal(client.PATCH('/api/v1/customers/{id}', { params, body: { company: 'Army' } }));
    expect(stale).toMatchObject({ status: 412, code: 'version_conflict', problem: { current: 2 } });
  });

  it('names what is wrong with a field', async () => {
    const body = { firstName: 'No', lastName: 'Address', email: 'nowhere' };
    const refused = await refusal(client.POST('/api/v1/customers', { body }));
    expect(refused.status).toBe(400);
    expect(refused.errors.map(({ pointer }) => pointer)).toContain('/email');
  });

  it('goes on when its access token is over, with one exchange for all calls', async () => {
    const before = kept;
    await expect
      .poll(async () => (await nexus.client(before?.accessToken).get('auth/me')).status, { timeout: 8000 })
      .toBe(401);
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.GET('/api/v1/auth/me')));
    expect(answers.map(({ data }) => data.email)).toEqual(Array(5).fill('admin@demo.example'));
    expect(kept?.refreshToken).not.toBe(before?.refreshToken);
  });
});
