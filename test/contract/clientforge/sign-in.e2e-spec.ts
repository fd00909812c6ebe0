import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Client, Nexus } from '../../support/nexus.js';

const PASSWORD = 'Nexus-Demo-1';

/** The authentication, health and limits of ClientForge's README, as a client of it asks for them. */
describe('ClientForge: signing in, health and limits', () => {
  let nexus: Nexus;
  let admin: Client;

  beforeAll(async () => {
    nexus = await Nexus.start({ workers: 0 });
    admin = await nexus.login('admin');
  });
  afterAll(() => nexus.stop());

  const logIn = (email: string, password = PASSWORD): Promise<Answer> =>
    nexus.request('POST', 'auth/login', { body: { email, password } });

  it('logs in with e-mail and password, and answers a token and the user', async () => {
    const { status, body } = await logIn('cso@demo.example');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      user: { id: expect.any(String), email: 'cso@demo.example' },
    });
    const me = await nexus.client(body.token).get('auth/me');
    expect(me).toMatchObject({ status: 200, body: { id: body.user.id, email: 'cso@demo.example' } });
    expect((await logIn('cso@demo.example', 'wrong-password')).status).toBe(401);
  });

  it('refreshes the token, and knows it no more once it is logged out', async () => {
    const { body } = await logIn('cso@demo.example');
    const refreshed = await nexus.request('POST', 'auth/refresh', { body: { refreshToken: body.refreshToken } });
    expect(refreshed).toMatchObject({ status: 200, body: { token: refreshed.body.accessToken } });
    const client = nexus.client(refreshed.body.token);
    expect((await client.get('auth/me')).status).toBe(200);
    expect((await client.post('auth/logout')).status).toBeLessThan(300);
    expect((await client.get('auth/me')).status).toBe(401);
  });

  it('registers users, who log in then', async () => {
    const person = { email: 'frida@demo.example', password: 'A-Long-Password-1', firstName: 'Frida', lastName: 'Kern' };
    expect(await admin.post('auth/register', person)).toMatchObject({ status: 201, body: { email: person.email } });
    expect(await admin.post('auth/register', person)).toMatchObject({ status: 409 });
    expect((await logIn(person.email, person.password)).body.user.email).toBe(person.email);
  });

  it('answers nobody without a token', async () => {
    for (const path of ['auth/me', 'contacts', 'deals', 'tasks']) {
      const { status, headers } = await nexus.request('GET', path);
      expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Bearer')]);
    }
  });

  it.each(['/health', '/api/v1/health'])('is healthy at %s', async (path) => {
    expect(await nexus.request('GET', path)).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it.each(['/metrics', '/api/v1/metrics'])('shows Prometheus its metrics at %s', async (path) => {
    const { status, headers, body } = await nexus.request('GET', path);
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(body).toMatch(/^# TYPE \w+ histogram$/m);
  });

  describe('limits, as it is shipped,', () => {
    beforeAll(async () => {
      await nexus.api.stop();
      await nexus.api.start({ RATE_LIMIT_ANONYMOUS: '', RATE_LIMIT_AUTHENTICATED: '', RATE_LIMIT_BURST: '' });
    });
    const counted = async (ask: () => Promise<Answer>): Promise<unknown[]> => {
      const { headers } = await ask();
      const left = (answer: Answer): number => Number(answer.headers.get('x-ratelimit-remaining'));
      const [first, second] = [await ask(), await ask()];
      return [headers.get('x-ratelimit-limit'), headers.get('ratelimit-policy'), left(first) - left(second)];
    };

    it('whoever is not logged in to 100 requests in 15 minutes', async () => {
      const told = await counted(() => nexus.request('GET', 'contacts'));
      expect(told).toEqual(['100', expect.stringContaining('q=100;w=900'), 1]);
    });

    it('a user to 1000 requests in 15 minutes', async () => {
      const told = await counted(() => admin.get('contacts?limit=1'));
      expect(told).toEqual(['1000', expect.stringContaining('q=1000;w=900'), 1]);
    });

    it('anybody to 20 requests a second', async () => {
      const asked = await Promise.all(Array.from({ length: 60 }, () => admin.get('contacts?limit=1')));
      expect([...new Set(asked.map(({ status }) => status))].sort()).toEqual([200, 429]);
      const refused = asked.find(({ status }) => status === 429) as Answer;
      expect(refused).toMatchObject({ body: { code: 'rate_limited' } });
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(refused.headers.get('ratelimit-policy')).toContain('q=20;w=1');
    });
  });
});
