import { buildDocument } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Account, anAccount, aTenant, authContexts, enrol, logIn, signIn } from '../testing.js';

const AUTH = '/api/v1/auth';
/** What is open to somebody who has to set up a second factor, and no more. */
const OPEN = [
  'GET /api/v1/auth/me',
  'GET /api/v1/auth/mfa',
  'GET /api/v1/auth/permissions',
  'GET /api/v1/auth/profile',
  'POST /api/v1/auth/logout',
  'POST /api/v1/auth/logout-all',
  'POST /api/v1/auth/mfa/totp',
  'POST /api/v1/auth/mfa/totp/confirm',
  'POST /api/v1/auth/passkeys',
  'POST /api/v1/auth/passkeys/options',
  'POST /api/v1/auth/password/change',
  'POST /api/v1/auth/step-up',
];

describe('A role that demands a second factor', () => {
  let slice: Slice;
  let tenantId: string;
  let admin: string;
  let ada: Account;
  let token: string;
  let roleId: string;
  let count = 0;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    tenantId = await aTenant(slice, 'north');
    const grants = ['users:read', 'users:update', 'users:create', 'roles:read', 'roles:manage'];
    admin = (await signIn(slice, { tenantId, grants })).token;
  });
  afterAll(() => slice?.close());
  beforeEach(async () => {
    const made = await call('POST', 'roles', { name: `Vault ${++count}`, grants: ['users:read'], mfaRequired: true });
    expect([made.status, made.body.mfaRequired]).toEqual([201, true]);
    roleId = made.body.id;
    ada = await anAccount(slice, tenantId, `ada${count}@north.example`);
    await call('PUT', `users/${ada.id}/roles`, { roles: [roleId] });
    token = (await logIn(slice, ada)).token;
  });

  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object, as = admin) =>
    slice.http(method, `/api/v1/${path}`, { token: as, body });
  const users = async (as = token) => {
    const { status, body } = await call('GET', 'users', undefined, as);
    return status === 200 ? 200 : `${status} ${body.code}`;
  };

  it('lets its holder in only to set one up', async () => {
    expect(await users()).toBe('403 mfa_enrolment_required');
    expect((await call('GET', 'auth/mfa', undefined, token)).body).toMatchObject({
      isEnrolled: false,
      isRequired: true,
    });
    await enrol(slice, token);
    expect(await users()).toBe(200);
    expect((await call('GET', 'auth/mfa', undefined, token)).body).toMatchObject({
      isEnrolled: true,
      isRequired: true,
    });
  });

  it('closes every other route, whatever it is', async () => {
    const document = buildDocument(slice.app, { title: 't', description: 'd', version: '1', tags: [] });
    const routes = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, { security?: object[] }>)
        .filter(([, { security = [] }]) => security.length > 0)
        .map(([method]) => ({ method: method.toUpperCase() as 'GET', path })),
    );
    const closed = routes.filter(({ method, path }) => !OPEN.includes(`${method} ${path}`));
    expect(routes.length - closed.length).toBe(OPEN.length);
    expect(closed.length).toBeGreaterThan(40);
    const wrong: string[] = [];
    for (const { method, path } of closed) {
      const body = method === 'GET' ? undefined : {};
      const answer = await slice.http(method, path.replace(/\{\w+\}/g, ada.id), { token, body });
      const { code, detail } = answer.body; // SCIM's form of a refusal has words alone
      const isSaid = code === 'mfa_enrolment_required' || (!code && String(detail).includes('set up a second factor'));
      if (answer.status !== 403 || !isSaid) wrong.push(`${method} ${path}: ${answer.status} ${code}`);
    }
    expect(wrong).toEqual([]);
  });

  it('begins, and ceases, to demand at the next request of those who have it', async () => {
    expect((await call('PATCH', `roles/${roleId}`, { mfaRequired: false })).body.mfaRequired).toBe(false);
    expect(await users()).toBe(200);
    expect((await call('PATCH', `roles/${roleId}`, { mfaRequired: true })).status).toBe(200);
    expect(await users()).toBe('403 mfa_enrolment_required');
    await call('PUT', `users/${ada.id}/roles`, { roles: [] });
    expect(await users()).toBe('403 permission_missing');
  });

  it('holds again at once when the factor is removed', async () => {
    const [recoveryCode] = (await enrol(slice, token)).recoveryCodes;
    expect(await users()).toBe(200);
    const removed = await slice.http('POST', `${AUTH}/mfa/totp/remove`, { token, body: { recoveryCode } });
    expect(removed.status).toBe(204);
    expect(await users()).toBe('403 mfa_enrolment_required');
  });

  it('lets nobody set one up with a password that others know: another password comes first', async () => {
    await slice.superuser.query(`set app.actor_id = '${ada.id}'`);
    await slice.superuser.query('update users set must_change_password = true where id = $1', [ada.id]);
    const { token: fresh } = await logIn(slice, ada);
    for (const path of ['users', 'auth/mfa'])
      expect((await call('GET', path, undefined, fresh)).body.code).toBe('password_change_required');
    expect((await call('POST', 'auth/mfa/totp', undefined, fresh)).body.code).toBe('password_change_required');
    const changed = { currentPassword: ada.password, newPassword: 'eight brown bottles' };
    const next = (await call('POST', 'auth/password/change', changed, fresh)).body.token;
    expect(await users(next)).toBe('403 mfa_enrolment_required');
    expect((await call('POST', 'auth/mfa/totp', undefined, next)).status).toBe(201);
  });

  it('keeps its demand when it is replaced by somebody who does not speak of it', async () => {
    const replaced = await call('PUT', `roles/${roleId}`, { name: `Safe ${count}`, grants: ['users:read'] });
    expect(replaced.body).toMatchObject({ name: `Safe ${count}`, mfaRequired: true });
  });

  it('is relieved of it by nobody who does not hold what it grants', async () => {
    const clerk = (await signIn(slice, { tenantId, grants: ['roles:read', 'roles:manage'] })).token;
    const refused = await call('PATCH', `roles/${roleId}`, { mfaRequired: false }, clerk);
    expect([refused.status, refused.body.code]).toEqual([403, 'exceeds_own_grants']);
    expect((await call('PATCH', `roles/${roleId}`, { mfaRequired: true, description: 'Safe' }, clerk)).status).toBe(
      200,
    );
  });

  it('holds on the route that is judged by a guard of its own: registering somebody', async () => {
    await call('PATCH', `roles/${roleId}`, { grants: ['users:create'] });
    const body = { email: `new${count}@north.example`, password: 'seven green bottles' };
    expect((await call('POST', 'auth/register', body, token)).body.code).toBe('mfa_enrolment_required');
    expect((await call('POST', 'auth/register', body)).status).toBe(201);
  });
});
