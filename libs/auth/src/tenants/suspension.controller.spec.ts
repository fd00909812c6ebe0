import { Schedules } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuthFacade } from '../auth.facade.js';
import { type Account, anAccount, aTenant, authContexts, enrol, logIn, signIn } from '../testing.js';

const GRANTS = ['users:read', 'users:create', 'teams:manage', 'teams:read', 'tenants:manage'];

describe('A suspended tenant', () => {
  let slice: Slice;
  let tenantId: string;
  let token: string;
  let ada: Account;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    tenantId = await aTenant(slice, 'north');
    token = (await signIn(slice, { tenantId, grants: GRANTS })).token;
    ada = await anAccount(slice, tenantId, 'ada@north.example');
  });
  afterAll(() => slice?.close());
  afterEach(() => slice.get(AuthFacade).activateTenant(tenantId));

  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const suspend = (): Promise<void> => slice.get(AuthFacade).suspendTenant(tenantId);

  it('is read as before', async () => {
    await suspend();
    for (const path of ['users', 'teams', 'tenants/current', 'auth/me'])
      expect((await call('GET', path)).status).toBe(200);
    expect((await call('GET', 'tenants/current')).body.status).toBe('suspended');
  });

  it('changes nothing any more, from the very next request on, and says why', async () => {
    expect((await call('POST', 'teams', { name: 'Before' })).status).toBe(201);
    await suspend();
    const tries = [
      await call('POST', 'teams', { name: 'After' }),
      await call('PATCH', 'tenants/current', { title: 'After' }),
      await call('PUT', 'auth/profile', { firstName: 'After' }),
      await call('DELETE', `users/${ada.id}`),
    ];
    expect(tries.map(({ status, body }) => [status, body.code])).toEqual([
      [423, 'tenant_suspended'],
      [423, 'tenant_suspended'],
      [423, 'tenant_suspended'],
      [403, 'permission_missing'],
    ]);
    expect((await call('GET', 'teams')).body.data.map(({ name }: { name: string }) => name)).toEqual(['Before']);
  });

  it('lets its people come and go', async () => {
    await suspend();
    const session = await logIn(slice, ada);
    expect(session.status).toBe(200);
    expect((await slice.http('POST', '/api/v1/auth/logout', { token: session.token, body: {} })).status).toBeLessThan(
      300,
    );
  });

  it('lets in those who show a second factor', async () => {
    const eve = await anAccount(slice, tenantId, 'eve@north.example');
    const { recoveryCodes } = await enrol(slice, (await logIn(slice, eve)).token);
    await suspend();
    const due = await slice.http('POST', '/api/v1/auth/login', { body: { email: eve.email, password: eve.password } });
    const body = { mfaToken: due.body.mfaToken, recoveryCode: recoveryCodes[0] };
    expect((await slice.http('POST', '/api/v1/auth/login/mfa', { body })).status).toBe(200);
  });

  it('works again when it is resumed', async () => {
    await suspend();
    await slice.get(AuthFacade).activateTenant(tenantId);
    expect((await call('POST', 'teams', { name: 'Again' })).status).toBe(201);
  });

  it('disturbs no other', async () => {
    const elsewhere = await signIn(slice, { grants: GRANTS });
    await suspend();
    const made = await slice.http('POST', '/api/v1/teams', { token: elsewhere.token, body: { name: 'Elsewhere' } });
    expect(made.status).toBe(201);
  });

  it('explains itself', async () => {
    await suspend();
    const ask = (permission: string) => call('GET', `authz/explain?permission=${permission}`);
    const codes = async (permission: string): Promise<string[]> =>
      (await ask(permission)).body.refusals.map(({ code }: { code: string }) => code);
    expect(await codes('users:read')).toEqual([]);
    expect(await codes('users:create')).toEqual(['tenant_suspended']);
  });

  it('has schedules that tick for nothing', async () => {
    await suspend();
    const due = (): Promise<unknown> =>
      slice.superuser.query("update schedules set next_run_at = now() - interval '1 minute' where tenant_id = $1", [
        tenantId,
      ]);
    const jobs = async (): Promise<number> =>
      (await slice.superuser.query("select from outbox where tenant_id = $1 and kind = 'job'", [tenantId])).rowCount ??
      0;
    const before = await jobs();
    await due();
    await slice.get(Schedules).sweep();
    expect(await jobs()).toBe(before);
    await slice.get(AuthFacade).activateTenant(tenantId);
    await due();
    await slice.get(Schedules).sweep();
    expect(await jobs()).toBeGreaterThan(before);
  });
});
