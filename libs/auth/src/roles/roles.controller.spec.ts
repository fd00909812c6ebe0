import { definePermissions } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthFacade } from '../auth.facade.js';
import { aTenant, authContexts, signIn } from '../testing.js';

definePermissions('role-notes', { read: { description: 'Read notes', scoped: true } });

describe('Roles', () => {
  let slice: Slice;
  let token: string;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    token = (
      await signIn(slice, {
        grants: ['users:read', 'users:update', 'roles:read', 'roles:manage', 'role-notes:read_team'],
      })
    ).token;
  });
  afterAll(() => slice?.close());
  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object, as = token) =>
    slice.http(method, `/api/v1/roles${path}`, { token: as, body });

  it('are defined, changed and removed by those who hold what they grant', async () => {
    const made = await call('POST', '', {
      name: 'Night shift',
      grants: ['users:read', 'role-notes:read_own', 'users:read'],
    });
    expect([made.status, made.body.grants]).toEqual([201, ['role-notes:read_own', 'users:read']]);
    expect((await call('POST', '', { name: 'Night shift', grants: [] })).body.code).toBe('role_name_taken');
    const { id } = made.body;
    expect((await call('PATCH', `/${id}`, { description: 'Out of hours' })).body).toMatchObject({
      description: 'Out of hours',
      version: 2,
    });
    expect((await call('PUT', `/${id}`, { name: 'Nights', grants: ['users:read'] })).body).toMatchObject({
      name: 'Nights',
      description: '',
      grants: ['users:read'],
    });
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
  });

  it.each([
    [['users:create'], 'exceeds_own_grants'],
    [['role-notes:read_all'], 'exceeds_own_grants'],
    [['users:fly'], 'grant_unknown'],
    [['role-notes:read'], 'grant_unknown'],
  ])('cannot grant %o', async (grants, code) => {
    expect((await call('POST', '', { name: 'Too much', grants })).body.code).toBe(code);
  });

  it('cannot be widened by those who have them beyond what they hold', async () => {
    const { rows } = await slice.superuser.query(`select id from roles where grants @> '{roles:manage}' limit 1`);
    const answer = await call('PATCH', `/${rows[0].id}`, { grants: ['roles:manage', 'users:update', 'users:create'] });
    expect([answer.status, answer.body.grants]).toEqual([403, ['users:create']]);
  });

  it('cannot be emptied or removed by those who do not hold what they grant', async () => {
    const above = await signIn(slice, { grants: ['users:create', 'role-notes:read_all'] });
    const { rows } = await slice.superuser.query('select role_id from user_roles where user_id = $1', [above.userId]);
    const id = rows[0].role_id;
    const refused = [await call('PATCH', `/${id}`, { grants: [] }), await call('DELETE', `/${id}`)];
    expect(refused.map(({ status, body }) => `${status} ${body.code}`)).toEqual(
      Array(2).fill('403 exceeds_own_grants'),
    );
    const { body } = await call('PATCH', `/${id}`, { description: 'Those above' });
    expect(body).toMatchObject({ description: 'Those above', grants: ['users:create', 'role-notes:read_all'] });
  });

  it('cannot lose what makes their only holder the last administrator', async () => {
    const lone = await signIn(slice, {
      tenantId: OTHER_TENANT,
      grants: ['users:update', 'roles:read', 'roles:manage'],
    });
    const { rows } = await slice.superuser.query('select role_id from user_roles where user_id = $1', [lone.userId]);
    const answer = await call('PATCH', `/${rows[0].role_id}`, { grants: ['roles:read'] }, lone.token);
    expect([answer.status, answer.body.code]).toEqual([422, 'last_administrator']);
    expect((await call('GET', `/${rows[0].role_id}`, undefined, lone.token)).body.grants).toContain('roles:manage');
  });

  it('stay while somebody has them', async () => {
    const holder = await signIn(slice, { grants: ['users:read'] });
    const { rows } = await slice.superuser.query('select role_id from user_roles where user_id = $1', [holder.userId]);
    expect((await call('DELETE', `/${rows[0].role_id}`)).body.code).toBe('role_in_use');
  });

  it('begin as the seeded bundles, which later versions complete without undoing what the tenant made of them', async () => {
    const tenantId = await aTenant(slice, 'seeded');
    await slice.superuser.query(`set app.actor_id = '${tenantId}'`);
    await slice.superuser.query(
      `update roles set grants = '{}' where tenant_id = $1 and name in ('CSO', 'Administrator')`,
      [tenantId],
    );
    await slice.superuser.query(`delete from roles where tenant_id = $1 and name = 'HR'`, [tenantId]);
    await slice.get(AuthFacade).refreshRoles();
    const { rows } = await slice.superuser.query(
      'select name, grants, is_seeded from roles where tenant_id = $1 order by name',
      [tenantId],
    );
    expect(rows).toHaveLength(9);
    const grants = Object.fromEntries(rows.map((row) => [row.name, row.grants]));
    expect(grants.Administrator).toEqual(
      expect.arrayContaining(['users:create', 'roles:manage', 'messages:read', 'service-tokens:manage']),
    );
    expect([grants.CSO, grants.HR.length > 0]).toEqual([[], true]);
  });
});
