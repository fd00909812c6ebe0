import { Authenticator } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthFacade } from '../auth.facade.js';
import { type Account, anAccount, aTenant, authContexts, logIn, type LoggedIn, signIn } from '../testing.js';

describe('What ends or changes access does so at once', () => {
  let slice: Slice;
  let tenantId: string;
  let admin: string;
  let ada: Account;
  let session: LoggedIn;
  let count = 0;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    tenantId = await aTenant(slice, 'north');
    const grants = [
      'users:read',
      'users:update',
      'users:deactivate',
      'roles:read',
      'roles:manage',
      'teams:read',
      'teams:manage',
      'calendars:read',
    ];
    admin = (await signIn(slice, { tenantId, grants })).token;
  });
  afterAll(() => slice?.close());
  beforeEach(async () => {
    ada = await anAccount(slice, tenantId, `ada${++count}@north.example`);
    await slice.http('PUT', `/api/v1/users/${ada.id}/roles`, {
      token: admin,
      body: { roles: [await aRole(['users:read'])] },
    });
    session = await logIn(slice, ada);
    expect(await me(session.token)).toBe(200);
    expect(await users(session.token)).toBe(200);
  });

  const aRole = async (grants: string[]): Promise<string> =>
    (await slice.http('POST', '/api/v1/roles', { token: admin, body: { name: `role ${Math.random()}`, grants } })).body
      .id;
  const me = async (token: string): Promise<number> => (await slice.http('GET', '/api/v1/auth/me', { token })).status;
  const users = async (token: string): Promise<number> => (await slice.http('GET', '/api/v1/users', { token })).status;
  const refresh = async ({ refreshToken }: LoggedIn): Promise<number> =>
    (await slice.http('POST', '/api/v1/auth/refresh', { body: { refreshToken } })).status;

  it('logout: this session, and no other', async () => {
    const other = await logIn(slice, ada);
    expect((await slice.http('POST', '/api/v1/auth/logout', { token: session.token })).status).toBe(204);
    expect([await me(session.token), await refresh(session)]).toEqual([401, 401]);
    expect([await me(other.token), await refresh(other)]).toEqual([200, 200]);
  });

  it('logout everywhere: all of them', async () => {
    const other = await logIn(slice, ada);
    expect((await slice.http('POST', '/api/v1/auth/logout-all', { token: session.token })).status).toBe(204);
    expect([await me(session.token), await me(other.token), await refresh(other)]).toEqual([401, 401, 401]);
  });

  it('a session ended from the list; of others’ sessions nothing is known', async () => {
    const other = await logIn(slice, ada);
    const { body } = await slice.http('GET', '/api/v1/auth/sessions', { token: session.token });
    expect(body.data).toHaveLength(2);
    expect(body.data.filter((one: { isCurrent: boolean }) => one.isCurrent)).toHaveLength(1);
    const ended = body.data.find((one: { isCurrent: boolean }) => !one.isCurrent).id;
    expect((await slice.http('DELETE', `/api/v1/auth/sessions/${ended}`, { token: admin })).status).toBe(404);
    expect((await slice.http('DELETE', `/api/v1/auth/sessions/${ended}`, { token: session.token })).status).toBe(204);
    expect([await me(other.token), await me(session.token)]).toEqual([401, 200]);
    expect((await slice.http('DELETE', `/api/v1/auth/sessions/${ended}`, { token: session.token })).status).toBe(404);
  });

  it('a changed password: every session; the answer carries a new one', async () => {
    const other = await logIn(slice, ada);
    const body = { currentPassword: ada.password, newPassword: 'eight brown bottles' };
    const changed = await slice.http('POST', '/api/v1/auth/password/change', { token: session.token, body });
    expect(changed.status).toBe(200);
    expect([await me(session.token), await me(other.token), await refresh(session), await refresh(other)]).toEqual([
      401, 401, 401, 401,
    ]);
    expect(await me(changed.body.token)).toBe(200);
  });

  it('deactivation: every session, and the way back in', async () => {
    expect((await slice.http('POST', `/api/v1/users/${ada.id}/deactivate`, { token: admin })).body.status).toBe(
      'deactivated',
    );
    expect([await me(session.token), await refresh(session), (await logIn(slice, ada)).status]).toEqual([
      401, 401, 401,
    ]);
    await slice.http('POST', `/api/v1/users/${ada.id}/activate`, { token: admin });
    expect(await me(session.token)).toBe(401);
    expect((await logIn(slice, ada)).status).toBe(200);
  });

  it('other roles: the very next request has the new rights', async () => {
    await slice.http('PUT', `/api/v1/users/${ada.id}/roles`, { token: admin, body: { roles: [] } });
    expect([await me(session.token), await users(session.token)]).toEqual([200, 403]);
  });

  it('an edited role: for everybody who has it', async () => {
    const role = await aRole(['users:read']);
    await slice.http('PUT', `/api/v1/users/${ada.id}/roles`, { token: admin, body: { roles: [role] } });
    expect(await users(session.token)).toBe(200);
    await slice.http('PATCH', `/api/v1/roles/${role}`, { token: admin, body: { grants: ['roles:read'] } });
    expect(await users(session.token)).toBe(403);
  });

  it('a team joined or left', async () => {
    const team = (await slice.http('POST', '/api/v1/teams', { token: admin, body: { name: `team ${count}` } })).body.id;
    const teams = async (): Promise<unknown> =>
      (await slice.http('GET', '/api/v1/auth/me', { token: session.token })).body.teams.map(
        (one: { id: string }) => one.id,
      );
    await slice.http('PUT', `/api/v1/teams/${team}/members/${ada.id}`, { token: admin, body: {} });
    expect(await teams()).toEqual([team]);
    await slice.http('DELETE', `/api/v1/teams/${team}/members/${ada.id}`, { token: admin });
    expect(await teams()).toEqual([]);
  });

  it('a locked tenant: everybody in it, and nobody elsewhere', async () => {
    const elsewhere = await signIn(slice);
    const auth = slice.get(AuthFacade);
    await auth.lockTenant(tenantId);
    expect([
      await me(session.token),
      await me(admin),
      await refresh(session),
      (await logIn(slice, ada)).status,
    ]).toEqual([401, 401, 401, 401]);
    expect(await me(elsewhere.token)).toBe(200);
    await auth.activateTenant(tenantId);
    expect(await me(session.token)).toBe(200);
  });

  it('also when the request asked for idempotency, so that it commits later', async () => {
    const headers = { 'idempotency-key': `deactivate-${ada.id}` };
    expect((await slice.http('POST', `/api/v1/users/${ada.id}/deactivate`, { token: admin, headers })).status).toBe(
      200,
    );
    expect(await me(session.token)).toBe(401);
  });

  it.each([
    [
      'other roles',
      403,
      () => slice.http('PUT', `/api/v1/users/${ada.id}/roles`, { token: admin, body: { roles: [] } }),
    ],
    ['deactivation', 401, () => slice.http('POST', `/api/v1/users/${ada.id}/deactivate`, { token: admin })],
  ])('also for a request that read the old rights before %s and caches them after', async (_, status, change) => {
    const late = await logIn(slice, ada);
    const authenticator = slice.get(Authenticator);
    const read = authenticator.stand.bind(authenticator);
    const asked = vi.spyOn(authenticator, 'stand').mockImplementationOnce(async (ticket) => {
      const standing = await read(ticket);
      expect((await change()).status).toBe(200);
      return standing;
    });
    await users(late.token);
    asked.mockRestore();
    expect(await users(late.token)).toBe(status);
  });
});
