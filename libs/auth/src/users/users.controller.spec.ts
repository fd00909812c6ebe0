import { definePermissions } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authContexts, signIn, type SignedIn } from '../testing.js';

definePermissions('test-notes', { read: { description: 'Read notes', scoped: true } });

const ADMIN = ['users:read', 'users:create', 'users:update', 'users:deactivate', 'roles:read', 'roles:manage'];

describe('Users', () => {
  let slice: Slice;
  let admin: SignedIn;
  let count = 0;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    admin = await signIn(slice, { grants: ADMIN });
  });
  afterAll(() => slice?.close());

  const call = (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    token = admin.token,
    headers = {},
  ) => slice.http(method, `/api/v1/${path}`, { token, body, headers });
  const aUser = async (over: object = {}) =>
    (
      await call('POST', 'users', {
        email: `u${++count}@demo.example`,
        firstName: 'Uma',
        password: 'seven green bottles',
        ...over,
      })
    ).body;

  it('take no name that could break out of a mail', async () => {
    const named = { email: 'crlf@north.example', firstName: 'Eve\r\nBcc: eve@evil.example', lastName: 'a\u2029b' };
    const { status, body } = await call('POST', 'users', named);
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/firstName', '/lastName']);
  });

  it('are created, read, changed as a whole and in part, and listed', async () => {
    const made = await call('POST', 'users', {
      email: 'Nina@Demo.example',
      username: 'Nina',
      firstName: 'Nina',
      lastName: 'Weiss',
      zone: 'Europe/Berlin',
    });
    expect([made.status, made.headers.location, made.headers.etag]).toEqual([
      201,
      `/api/v1/users/${made.body.id}`,
      '"1"',
    ]);
    expect(made.body).toMatchObject({
      email: 'nina@demo.example',
      username: 'nina',
      name: 'Nina Weiss',
      status: 'active',
      roles: [],
      teams: [],
    });
    const { id } = made.body;
    const replaced = await call(
      'PUT',
      `users/${id}`,
      { email: 'nina@demo.example', firstName: 'Nina', lastName: 'Schwarz' },
      admin.token,
      { 'if-match': '"1"' },
    );
    expect(replaced.body).toMatchObject({ username: null, lastName: 'Schwarz', version: 2 });
    expect((await call('PATCH', `users/${id}`, { zone: 'Asia/Kolkata' })).body).toMatchObject({
      lastName: 'Schwarz',
      zone: 'Asia/Kolkata',
      version: 3,
    });
    expect((await call('PATCH', `users/${id}`, { lastName: 'X' }, admin.token, { 'if-match': '"1"' })).status).toBe(
      412,
    );
    expect((await call('GET', `users/${id}`)).body.lastName).toBe('Schwarz');
    const listed = await call('GET', 'users?q=schwarz');
    expect(listed.body).toMatchObject({ data: [{ id, name: 'Nina Schwarz' }], meta: { total: 1 } });
    expect((await call('GET', 'users?status=active&sort=email&limit=1')).body.data).toHaveLength(1);
  });

  it('without a password are mailed a code to choose one', async () => {
    const { id, email } = await aUser({ password: undefined });
    const { rows } = await slice.superuser.query(
      `select subject, text from messages where about_kind = 'auth.invitation' and recipients::text like $1`,
      [`%${email}%`],
    );
    expect(rows[0].subject).toBe('Your account');
    const token = /^ {4}(\S+)$/m.exec(rows[0].text)![1];
    expect(
      (await slice.http('POST', '/api/v1/auth/password/reset', { body: { token, password: 'seven green bottles' } }))
        .status,
    ).toBe(204);
    expect(
      (await slice.http('POST', '/api/v1/auth/login', { body: { email, password: 'seven green bottles' } })).body.user
        .id,
    ).toBe(id);
  });

  it.each([
    [{ email: 'no address' }, '/email'],
    [{ username: 'with@sign' }, '/username'],
    [{ firstName: '' }, '/firstName'],
    [{ firstName: null }, '/firstName'],
    [{ lastName: null }, '/lastName'],
    [{ zone: 'Mars/Olympus' }, '/zone'],
    [{ locale: 'xx' }, '/locale'],
    [{ status: 'deactivated' }, '/status'],
    [{ tenantId: OTHER_TENANT }, '/tenantId'],
    [{ passwordHash: 'x' }, '/passwordHash'],
    [{ password: 'seven green bottles' }, '/password'],
    [{ version: 9 }, '/version'],
  ])('refuse %o in a change, and say where', async (body, pointer) => {
    const { id } = await aUser();
    const answer = await call('PATCH', `users/${id}`, body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
  });

  it('have addresses and usernames of their own', async () => {
    const { email, username } = await aUser({ username: `name${count}` });
    expect((await call('POST', 'users', { email: email.toUpperCase(), firstName: 'X' })).body.code).toBe('email_taken');
    expect(
      (await call('POST', 'users', { email: 'y@demo.example', username: username.toUpperCase(), firstName: 'X' })).body
        .code,
    ).toBe('username_taken');
    const other = await aUser();
    expect((await call('PATCH', `users/${other.id}`, { email })).body.code).toBe('email_taken');
  });

  it('of another tenant do not exist', async () => {
    const stranger = await signIn(slice, { tenantId: OTHER_TENANT, grants: ADMIN, email: 'ada@both.example' });
    const twin = await aUser({ email: 'ada@both.example' });
    expect(twin.email).toBe('ada@both.example');
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { firstName: 'Mallory' }],
      ['POST', '/deactivate', undefined],
      ['PUT', '/roles', { roles: [] }],
      ['DELETE', '', undefined],
    ] as const) {
      expect((await call(method, `users/${stranger.userId}${path}`, body)).status).toBe(404);
    }
    expect((await call('GET', 'users?limit=100')).body.data.map(({ id }: { id: string }) => id)).not.toContain(
      stranger.userId,
    );
    expect((await call('GET', 'users', undefined, stranger.token)).body.data).toHaveLength(1);
  });

  describe('and rights', () => {
    const roleOf = async (grants: string[], token = admin.token): Promise<string> =>
      (await call('POST', 'roles', { name: `r${Math.random()}`, grants }, token)).body.id;

    it('are given by those who hold them', async () => {
      const role = await roleOf(['users:read']);
      const { id } = await aUser({ roles: [role] });
      expect((await call('GET', `users/${id}`)).body.roles).toEqual([{ id: role, name: expect.any(String) }]);
      const hr = await signIn(slice, { grants: ['users:create', 'roles:manage'] });
      const given = await call('POST', 'users', { email: 'z@demo.example', firstName: 'Z', roles: [role] }, hr.token);
      expect([given.status, given.body.code, given.body.grants]).toEqual([403, 'exceeds_own_grants', ['users:read']]);
      expect((await call('PUT', `users/${hr.userId}/roles`, { roles: [role] }, hr.token)).body.code).toBe(
        'exceeds_own_grants',
      );
      expect(
        (await call('POST', 'users', { email: 'z@demo.example', firstName: 'Z', roles: ['No Such'] })).body.code,
      ).toBe('role_not_found');
    });

    it('of somebody who has more protect them from those who have less', async () => {
      const hr = await signIn(slice, { grants: ['users:update', 'users:deactivate', 'roles:manage'] });
      for (const [method, path, body] of [
        ['PATCH', '', { email: 'mallory@demo.example' }],
        ['POST', '/deactivate', undefined],
        ['PUT', '/roles', { roles: [] }],
      ] as const) {
        expect((await call(method, `users/${admin.userId}${path}`, body, hr.token)).body.code).toBe(
          'exceeds_own_grants',
        );
      }
    });
  });

  it('keep one administrator however many remove each other at once', async () => {
    const tenantId = '01920000-0000-7000-8000-0000000000ad';
    const admins: SignedIn[] = [];
    for (let n = 0; n < 20; n++) admins.push(await signIn(slice, { tenantId, grants: ADMIN }));
    const removals = admins.map(({ userId }, n) => {
      const by = admins[(n + 1) % 20]!.token;
      return n % 2
        ? call('POST', `users/${userId}/deactivate`, undefined, by)
        : call('PUT', `users/${userId}/roles`, { roles: [] }, by);
    });
    const statuses = (await Promise.all(removals)).map(({ status }) => status);
    expect(statuses.filter((status) => ![200, 401, 403, 422].includes(status))).toEqual([]);
    const { rows } = await slice.superuser.query(
      `select u.id from users u join user_roles ur on ur.user_id = u.id where u.tenant_id = $1 and u.status = 'active'`,
      [tenantId],
    );
    expect(rows.length).toBeGreaterThanOrEqual(1);
  });

  it('keep one administrator when all twenty are removed by one at once', async () => {
    const tenantId = '01920000-0000-7000-8000-0000000000ae';
    const admins: SignedIn[] = [];
    for (let n = 0; n < 20; n++) admins.push(await signIn(slice, { tenantId, grants: ADMIN }));
    const by = await signIn(slice, { tenantId, grants: ADMIN.filter((grant) => grant !== 'roles:manage') });
    const again = await Promise.all(admins.map(({ userId }) => call('DELETE', `users/${userId}`, undefined, by.token)));
    expect(again.every(({ body }) => body.code === 'exceeds_own_grants')).toBe(true);
    const self = await Promise.all(
      admins.map(({ userId, token }) => call('DELETE', `users/${userId}`, undefined, token)),
    );
    expect(self.filter(({ status }) => status === 422).map(({ body }) => body.code)).toEqual(['last_administrator']);
    expect(self.filter(({ status }) => status === 204)).toHaveLength(19);
  });

  describe('themselves', () => {
    it('change their name, zone and language, and nothing else', async () => {
      const { token } = await signIn(slice);
      expect((await call('PUT', 'auth/profile', { firstName: 'Nova', zone: 'Asia/Tokyo' }, token)).body).toMatchObject({
        firstName: 'Nova',
        zone: 'Asia/Tokyo',
      });
      expect((await call('PATCH', 'auth/profile', { locale: 'ja' }, token)).body).toMatchObject({
        firstName: 'Nova',
        locale: 'ja',
      });
      for (const key of [
        'email',
        'username',
        'role',
        'roles',
        'tenantId',
        'status',
        'mustChangePassword',
        'passwordHash',
        'id',
        'grants',
      ]) {
        const { status, body } = await call('PUT', 'auth/profile', { [key]: 'x' }, token);
        expect([status, body.errors[0].pointer, body.errors[0].code]).toEqual([400, `/${key}`, 'unknown_field']);
      }
      for (const key of ['firstName', 'lastName', 'zone', 'locale']) {
        const { status, body } = await call('PATCH', 'auth/profile', { [key]: null }, token);
        expect([status, body.errors?.[0].pointer]).toEqual([400, `/${key}`]);
      }
    });

    it('see their grants in the catalogue of all there is', async () => {
      const { token } = await signIn(slice, { grants: ['users:read', 'test-notes:read_team'] });
      const { body } = await call('GET', 'auth/permissions', undefined, token);
      expect(body.grants).toEqual(['test-notes:read_team', 'users:read']);
      const held = Object.fromEntries(
        body.catalogue.map((one: { name: string; held: string | null }) => [one.name, one.held]),
      );
      expect(held).toMatchObject({ 'users:read': 'granted', 'test-notes:read': 'team', 'users:create': null });
    });
  });
});
