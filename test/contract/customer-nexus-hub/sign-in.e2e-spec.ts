import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from '../../support/nexus.js';

const PASSWORD = 'Nexus-Demo-1';
const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** The claims of a token, unverified. */
const claimsOf = (token: string): Record<string, number> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('Customer Nexus Hub: signing in', () => {
  let nexus: Nexus;
  let admin: Client;

  beforeAll(async () => {
    nexus = await Nexus.start();
    admin = await nexus.login('admin');
  });
  afterAll(() => nexus.stop());

  const logIn = (email: string, password = PASSWORD) =>
    nexus.request('POST', 'auth/login', { body: { email, password } });
  const refresh = (refreshToken: string) => nexus.request('POST', 'auth/refresh', { body: { refreshToken } });

  it('answers a right password with an access token for 15 minutes and a refresh token for 7 days', async () => {
    const { status, body } = await logIn('cso@demo.example');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token: body.accessToken,
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refreshToken: expect.stringMatching(/^\S{32,}$/),
      tokenType: 'Bearer',
      expiresIn: 15 * MINUTE,
      user: { id: expect.any(String), email: 'cso@demo.example', firstName: 'Clara', lastName: 'Officer' },
    });
    expect(JSON.stringify(body)).not.toMatch(/passwordHash|argon2/);
    const { iat = 0, exp = 0 } = claimsOf(body.accessToken);
    expect(exp - iat).toBe(15 * MINUTE);
    const sessions = await nexus.client(body.accessToken).get('auth/sessions');
    const { startedAt, expiresAt } = sessions.body.data.find(({ isCurrent }: { isCurrent: boolean }) => isCurrent);
    expect((Date.parse(expiresAt) - Date.parse(startedAt)) / 1000).toBeCloseTo(7 * DAY, -1);
  });

  it('takes the username as well', async () => {
    const login = (body: object) =>
      nexus.request('POST', 'auth/login', { body: { tenant: 'demo', password: PASSWORD, ...body } });
    for (const name of [{ username: 'cso' }, { identifier: 'cso' }, { identifier: 'cso@demo.example' }]) {
      expect(await login(name)).toMatchObject({ status: 200, body: { user: { email: 'cso@demo.example' } } });
    }
  });

  it('says the same of a wrong password and of a name that nobody has', async () => {
    const [wrong, unknown] = [await logIn('sales@demo.example', 'not-this-one'), await logIn('nobody@demo.example')];
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const told = ({ body }: { body: Record<string, unknown> }) => ({ ...body, requestId: '' });
    expect(told(unknown)).toEqual(told(wrong));
  });

  it.each(['auth/profile', 'customers', 'inquiries', 'responses', 'modules'])(
    'takes the token with and without the word Bearer: %s',
    async (path) => {
      for (const authorization of [`Bearer ${admin.token}`, `bearer ${admin.token}`, admin.token]) {
        expect((await nexus.request('GET', path, { headers: { authorization } })).status).toBe(200);
      }
    },
  );

  it('takes both forms for changes too', async () => {
    for (const [n, authorization] of [`Bearer ${admin.token}`, admin.token].entries()) {
      const body = { firstName: 'Wire', email: `wire${n}@forms.example` };
      expect((await nexus.request('POST', 'customers', { body, headers: { authorization } })).status).toBe(201);
    }
  });

  it.each(['', 'Bearer ', 'Bearer nonsense', 'Basic Y3NvOmNzbw==', 'nonsense', 'a.b.c', 'Token a.b.c'])(
    'refuses "%s" and says which scheme it takes',
    async (authorization) => {
      const { status, headers, body } = await nexus.request('GET', 'customers', { headers: { authorization } });
      expect({ status, type: headers.get('content-type') }).toEqual({
        status: 401,
        type: expect.stringContaining('application/problem+json'),
      });
      expect(headers.get('www-authenticate')).toContain('Bearer');
      expect(body).toMatchObject({ status: 401, code: expect.any(String), instance: '/api/v1/customers' });
    },
  );

  it('refuses a token whose signature, or whose algorithm, is not ours', async () => {
    const [header = '', payload = '', signature = ''] = admin.token.split('.');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    const forged = Buffer.from(JSON.stringify({ ...claimsOf(admin.token), exp: 4_102_444_800 })).toString('base64url');
    for (const token of [
      `${header}.${forged}.${signature}`,
      `${unsigned}.${payload}.`,
      `${unsigned}.${payload}.${signature}`,
    ]) {
      expect((await nexus.client(token).get('customers')).status).toBe(401);
    }
  });

  it('exchanges a refresh token for new tokens', async () => {
    const first = (await logIn('cso@demo.example')).body;
    const { status, body } = await refresh(first.refreshToken);
    expect(status).toBe(200);
    expect(body).toMatchObject({ accessToken: expect.any(String), expiresIn: 15 * MINUTE });
    expect(body.refreshToken).not.toBe(first.refreshToken);
    expect((await nexus.client(body.accessToken).get('auth/profile')).status).toBe(200);
    expect((await refresh(body.refreshToken)).status).toBe(200);
    expect((await refresh('AaH8DJVBcB2tkJx8YOAv0AAAAACVfkQNa6J8Ds')).status).toBe(401);
  });

  it('ends the session, its access token and its refresh token, with the logout', async () => {
    const [one, other] = [(await logIn('cso@demo.example')).body, (await logIn('cso@demo.example')).body];
    expect((await nexus.client(one.accessToken).post('auth/logout')).status).toBe(204);
    expect((await nexus.client(one.accessToken).get('auth/profile')).status).toBe(401);
    expect((await refresh(one.refreshToken)).status).toBe(401);
    expect((await nexus.client(other.accessToken).get('auth/profile')).status).toBe(200);
  });

  it('shows the profile, and changes what is its owner’s to change', async () => {
    const cso2 = await nexus.login('cso2');
    const before = await cso2.get('auth/profile');
    expect(before).toMatchObject({
      status: 200,
      body: { email: 'cso2@demo.example', firstName: 'Chris', roles: [{ name: 'CSO' }] },
    });
    const changed = await cso2.put('auth/profile', { firstName: 'Christa', lastName: 'Officer' });
    expect(changed).toMatchObject({ status: 200, body: { firstName: 'Christa', name: 'Christa Officer' } });
    expect((await cso2.get('auth/profile')).body).toEqual(changed.body);
    const refused = await cso2.put('auth/profile', { firstName: 'Chris', roles: ['Administrator'] });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/roles' }] } });
    expect((await cso2.get('auth/profile')).body.roles).toMatchObject([{ name: 'CSO' }]);
  });

  it('lets an administrator alone register somebody', async () => {
    const person = {
      email: 'nina@demo.example',
      password: 'Quiet-Harbour-77',
      firstName: 'Nina',
      lastName: 'Weiss',
      roles: ['CSO'],
    };
    expect((await nexus.request('POST', 'auth/register', { body: person })).status).toBe(401);
    for (const name of ['cso', 'manager']) {
      const refused = await (await nexus.login(name)).post('auth/register', person);
      expect(refused).toMatchObject({ status: 403, body: { permission: 'users:create' } });
    }
    const registered = await admin.post('auth/register', person);
    expect(registered).toMatchObject({ status: 201, body: { email: person.email, roles: [{ name: 'CSO' }] } });
    expect(registered.headers.get('location')).toBe(`/api/v1/users/${registered.body.id}`);
    expect(await admin.post('auth/register', person)).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    const invalid = await admin.post('auth/register', { ...person, email: 'nowhere', firstName: '' });
    expect(invalid.status).toBe(400);
    expect(invalid.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      expect.arrayContaining(['/email', '/firstName']),
    );
    expect((await logIn(person.email, person.password)).status).toBe(200);
  });
});
