import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RoleAssignments } from '../roles/role-assignments.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { aTenant, authContexts, type SignedIn, signIn } from '../testing.js';
import { UsersService } from '../users/users.service.js';

const MINUTE = 60_000;
const REASON = 'Their list of teams is empty, ticket 4711';
const RIGHTS = [
  'users:impersonate',
  'users:read',
  'teams:read',
  'teams:manage',
  'service-tokens:manage',
  'roles:manage',
];

describe('Seeing the system as somebody else', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let tenantId: string;
  let admin: SignedIn;
  let clara: SignedIn;
  let count = 0;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, clock });
    await slice.app.listen(0, '127.0.0.1');
    tenantId = await aTenant(slice, 'north');
  });
  afterAll(() => slice?.close());
  beforeEach(async () => {
    count++;
    admin = await signIn(slice, { tenantId, grants: RIGHTS, email: `admin${count}@north.example` });
    clara = await signIn(slice, {
      tenantId,
      grants: ['teams:read', 'teams:manage'],
      email: `clara${count}@north.example`,
    });
  });

  const begin = (userId = clara.userId, by = admin.token, body: object = { reason: REASON }) =>
    slice.http('POST', `/api/v1/users/${userId}/impersonate`, { token: by, body });
  const begun = async (): Promise<string> => (await begin()).body.accessToken as string;
  const get = (path: string, token: string) => slice.http('GET', `/api/v1/${path}`, { token });
  const post = (path: string, token: string, body: object = {}) =>
    slice.http('POST', `/api/v1/${path}`, { token, body });
  const isOpen = async (token: string): Promise<boolean> => (await get('auth/me', token)).status === 200;

  it('is as they do, says so, and has no refresh token', async () => {
    const { status, body } = await begin();
    expect(status).toBe(201);
    expect(body).toMatchObject({ token: body.accessToken, expiresIn: 900, user: { id: clara.userId } });
    expect(body).not.toHaveProperty('refreshToken');
    const me = await get('auth/me', body.accessToken);
    expect(me.body).toMatchObject({
      id: clara.userId,
      permissions: ['teams:manage', 'teams:read'],
      impersonatedBy: { id: admin.userId, name: admin.actor.name },
    });
    expect(me.headers['x-impersonating']).toBe(admin.userId);
    expect((await get('users', body.accessToken)).body.code).toBe('permission_missing');
    const own = await get('auth/me', clara.token);
    expect([own.body.impersonatedBy, own.headers['x-impersonating']]).toEqual([null, undefined]);
  });

  it('is on record with both: what began it, and whatever is done meanwhile', async () => {
    const token = await begun();
    const { body: team } = await post('teams', token, { name: `Team ${count}` });
    await post('teams', clara.token, { name: `Own team ${count}` });
    await get('users', token);
    const { rows } = await slice.superuser.query(
      `select action, entity, actor_id, impersonator_id, after->>'reason' as reason from audit_log
       where tenant_id = $1 and (entity, action) in (('users', 'impersonated'), ('teams', 'created'), ('routes', 'denied'))
         and (entity_id in ($2, $3) or after->>'path' = '/api/v1/users') order by id desc limit 3`,
      [tenantId, team.id, clara.userId],
    );
    expect(rows.reverse()).toEqual([
      { action: 'impersonated', entity: 'users', actor_id: admin.userId, impersonator_id: null, reason: REASON },
      { action: 'created', entity: 'teams', actor_id: clara.userId, impersonator_id: admin.userId, reason: null },
      { action: 'denied', entity: 'routes', actor_id: clara.userId, impersonator_id: admin.userId, reason: null },
    ]);
    const own = await slice.superuser.query(
      "select impersonator_id from audit_log where entity = 'teams' and after->>'name' = $1",
      [`Own team ${count}`],
    );
    expect(own.rows).toEqual([{ impersonator_id: null }]);
  });

  it('is seen by them among their sessions, mailed to them, and ended by them', async () => {
    const token = await begun();
    const { body } = await get('auth/sessions', clara.token);
    const seen = body.data.find((one: { impersonatedBy: unknown }) => one.impersonatedBy);
    expect(seen).toMatchObject({
      impersonatedBy: { id: admin.userId, name: admin.actor.name },
      impersonationReason: REASON,
      isCurrent: false,
    });
    const { rows } = await slice.superuser.query(
      "select recipients->'to'->0->>'address' as address, text from messages where about_kind = 'auth.viewed-as' and about_id = $1",
      [seen.id],
    );
    expect(rows).toEqual([
      { address: clara.actor.name, text: expect.stringContaining('An administrator opened your account') },
    ]);
    expect((await slice.http('DELETE', `/api/v1/auth/sessions/${seen.id}`, { token: clara.token })).status).toBe(204);
    expect(await isOpen(token)).toBe(false);
  });

  it('lasts a quarter of an hour and no longer', async () => {
    const token = await begun();
    clock.advance(15 * MINUTE - 1000);
    expect(await isOpen(token)).toBe(true);
    clock.advance(1000);
    expect(await isOpen(token)).toBe(false);
  });

  describe('is refused', () => {
    it('to whoever may not, of somebody who may do more, of oneself, of nobody, and of who is gone', async () => {
      const chief = await signIn(slice, { tenantId, grants: [...RIGHTS, 'tenants:manage'] });
      const gone = await signIn(slice, { tenantId });
      await slice.as(admin.actor, () => slice.get(UsersService).deactivate(gone.userId));
      const stranger = await signIn(slice, { tenantId: await aTenant(slice, `south${count}`) });
      const told = async (answer: ReturnType<typeof begin>) => [(await answer).status, (await answer).body.code];
      expect(await told(begin(clara.userId, clara.token))).toEqual([403, 'permission_missing']);
      expect(await told(begin(chief.userId))).toEqual([403, 'exceeds_own_grants']);
      expect(await told(begin(admin.userId))).toEqual([422, 'impersonation_of_self']);
      expect(await told(begin(gone.userId))).toEqual([422, 'impersonation_of_inactive']);
      expect(await told(begin(stranger.userId))).toEqual([404, 'not_found']);
    });

    it.each([
      {},
      { reason: '' },
      { reason: 'why' },
      { reason: 'a reason\nof two lines' },
      { reason: REASON, minutes: 600 },
    ])('for %j', async (body) => {
      expect((await begin(clara.userId, admin.token, body)).status).toBe(400);
    });

    it('without a fresh proof of who asks', async () => {
      const { token } = await signIn(slice, { tenantId, grants: RIGHTS });
      await slice.superuser.query(
        `begin; select set_config('app.actor_id', '${admin.userId}', true);
         update sessions set proven_at = null where user_id <> '${clara.userId}'; commit`,
      );
      expect((await begin(clara.userId, token)).body.code).toBe('step_up_required');
    });

    it('from inside another one', async () => {
      const other = await signIn(slice, { tenantId, grants: RIGHTS });
      const { body } = await begin(other.userId);
      expect((await begin(clara.userId, body.accessToken)).body.code).toBe('impersonation_refused');
    });
  });

  describe('ends at once', () => {
    const ways: Record<string, (token: string) => Promise<unknown>> = {
      'by its own logout': (token) => post('auth/logout', token),
      'when they log out everywhere': () => post('auth/logout-all', clara.token),
      'with the session of whoever looks': () => post('auth/logout', admin.token),
      'when whoever looks logs out everywhere': () => post('auth/logout-all', admin.token),
      'when they are deactivated': () => slice.as(admin.actor, () => slice.get(UsersService).deactivate(clara.userId)),
      'when whoever looks is deactivated': () =>
        slice.as(admin.actor, () => slice.get(UsersService).deactivate(admin.userId)),
      'when whoever looks may no longer': () =>
        slice.as(admin.actor, () => slice.get(RoleAssignments).replace(admin.userId, undefined, [])),
      'when their password changes': () =>
        slice.as(clara.actor, () => slice.get(SessionsService).endAll(clara.userId, 'password_changed')),
    };
    it.each(Object.keys(ways))('%s', async (way) => {
      await signIn(slice, { tenantId, grants: [...RIGHTS, 'users:update'] }); // so that nobody is the last administrator
      const token = await begun();
      expect(await isOpen(token)).toBe(true);
      await ways[way]!(token);
      expect(await isOpen(token)).toBe(false);
    });

    it('when they come to more rights than whoever looks', async () => {
      const token = await begun();
      await slice.superuser.query(
        `begin; select set_config('app.actor_id', '${admin.userId}', true);
         update roles r set grants = r.grants || '{tenants:export}' from user_roles ur
           where ur.role_id = r.id and ur.user_id = '${clara.userId}'; commit`,
      );
      await slice.as(admin.actor, () => slice.get(SessionsService).reconsider([clara.userId]));
      expect([await isOpen(token), await isOpen(clara.token)]).toEqual([false, true]);
    });

    it('and goes on when another session of either ends', async () => {
      const [another, hers] = [
        await signIn(slice, { tenantId, userId: admin.userId }),
        await signIn(slice, { tenantId, userId: clara.userId }),
      ];
      const token = await begun();
      await post('auth/logout', another.token);
      await post('auth/logout', hers.token);
      expect(await isOpen(token)).toBe(true);
    });

    it('also for its sockets', async () => {
      const token = await begun();
      const { port } = slice.app.getHttpServer().address() as { port: number };
      const socket: Socket = io(`http://127.0.0.1:${port}`, {
        auth: { token },
        transports: ['websocket'],
        reconnection: false,
      });
      try {
        await new Promise<void>((done, failed) => socket.once('connect', done).once('connect_error', failed));
        await post('auth/logout', admin.token);
        await expect.poll(() => socket.connected, { timeout: 5000 }).toBe(false);
      } finally {
        socket.disconnect();
      }
    });
  });

  it('never comes from a refresh: there is none, and who looks cannot prove anything as them', async () => {
    const token = await begun();
    for (const [method, path] of [
      ['POST', 'auth/password/change'],
      ['POST', 'auth/step-up'],
      ['POST', 'auth/mfa/totp'],
      ['GET', 'auth/passkeys'],
      ['GET', 'service-tokens'],
      ['PATCH', 'auth/profile'],
      ['POST', 'auth/register'],
      ['POST', 'auth/logout-all'],
      ['GET', 'tenants/current/export'],
    ] as const) {
      const { status, body } = await slice.http(method, `/api/v1/${path}`, {
        token,
        ...(method !== 'GET' && { body: {} }),
      });
      expect([path, status, body.code]).toEqual([path, 403, 'impersonation_refused']);
    }
  });
});
