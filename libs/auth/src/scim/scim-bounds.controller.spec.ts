import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authContexts, signIn, type SignedIn } from '../testing.js';
import { aPerson, Directory } from './testing/directory.js';

/** A directory whose token was stolen. */
describe('A directory', () => {
  let slice: Slice;
  let directory: Directory;
  let admin: SignedIn;
  let manager: SignedIn;
  const grants = ['scim:provision', 'scim:map', 'users:read', 'users:update', 'users:deactivate', 'roles:manage'];
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    directory = await Directory.of(slice);
    admin = await signIn(slice, { grants });
    manager = await signIn(slice, { grants: ['teams:manage', 'users:read'] });
    await asTester(`update users set is_break_glass = true, password_hash = 'x' where id = '${admin.userId}'`);
  });
  afterAll(() => slice?.close());

  const asTester = (sql: string) =>
    slice.superuser.query(`begin; select set_config('app.actor_id', '${newId()}', true); ${sql}; commit`);
  const rowOf = async (id: string) =>
    (await slice.superuser.query('select email, first_name, status, version from users where id = $1', [id])).rows[0];
  const rolesOf = async (id: string): Promise<string[]> =>
    (await slice.superuser.query('select role_id from user_roles where user_id = $1 order by 1', [id])).rows.map(
      ({ role_id: role }) => role as string,
    );

  it.each<[string, () => Promise<{ status: number; body: { detail: string } }>]>([
    ['deactivate', () => directory.patch(`Users/${admin.userId}`, { op: 'replace', path: 'active', value: false })],
    ['rename', () => directory.patch(`Users/${admin.userId}`, { op: 'replace', path: 'name.givenName', value: 'X' })],
    ['readdress', () => directory.ask('PUT', `Users/${admin.userId}`, aPerson())],
    ['delete', () => directory.ask('DELETE', `Users/${admin.userId}`)],
    ['claim', async () => directory.ask('POST', 'Users', aPerson({ userName: (await rowOf(admin.userId)).email }))],
    [
      'put into a group',
      async () =>
        directory.patch(`Groups/${await directory.group()}`, {
          op: 'add',
          path: 'members',
          value: [{ value: admin.userId }],
        }),
    ],
  ])('may not %s whoever may come in without it', async (_, attempt) => {
    const before = await rowOf(admin.userId);
    const { status, body } = await attempt();
    expect([status, body.detail]).toEqual([403, expect.stringContaining('out of order')]);
    expect(await rowOf(admin.userId)).toEqual(before);
  });

  it('may not take them out of a team, nor dissolve it', async () => {
    const team = await directory.group();
    await asTester(
      `insert into team_members (tenant_id, team_id, user_id) values ('${admin.actor.tenantId}', '${team}', '${admin.userId}')`,
    );
    const emptied = await directory.patch(`Groups/${team}`, { op: 'replace', path: 'members', value: [] });
    expect([emptied.status, (await directory.ask('DELETE', `Groups/${team}`)).status]).toEqual([403, 403]);
    expect((await directory.ask('GET', `Groups/${team}`)).body.members).toHaveLength(1);
  });

  it('may not send the mails of somebody who may do more than its groups bring to an address of its own', async () => {
    const before = await rowOf(manager.userId);
    for (const operation of [
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'thief@directory.example' },
      { op: 'replace', path: 'userName', value: 'thief@directory.example' },
    ]) {
      const { status, body } = await directory.patch(`Users/${manager.userId}`, operation);
      expect([status, body.detail]).toEqual([403, expect.stringContaining('teams:manage')]);
    }
    expect(await rowOf(manager.userId)).toEqual(before);
    const mine = await directory.person();
    const moved = { op: 'replace', path: 'emails', value: [{ value: `${newId()}@directory.example` }] };
    expect((await directory.patch(`Users/${mine}`, moved)).status).toBe(200);
  });

  it('may not open again what an administrator closed to somebody who may do more', async () => {
    const { userId } = await signIn(slice, { grants: ['teams:manage'] });
    await directory.patch(`Users/${userId}`, { op: 'replace', path: 'active', value: false });
    expect((await directory.patch(`Users/${userId}`, { op: 'replace', path: 'active', value: true })).status).toBe(200);
    const boss = await signIn(slice, { grants: ['users:deactivate', 'teams:manage'] });
    await slice.http('POST', `/api/v1/users/${userId}/deactivate`, { token: boss.token });
    expect((await directory.patch(`Users/${userId}`, { op: 'replace', path: 'active', value: true })).status).toBe(403);
    expect((await rowOf(userId)).status).toBe('deactivated');
  });

  it('gives nobody a role but by a mapping, which is not its to make', async () => {
    const id = await directory.person({
      roles: [{ value: 'Administrator', primary: true }],
      groups: [{ value: newId() }],
    });
    const raised = await directory.patch(
      `Users/${id}`,
      { op: 'add', path: 'roles', value: [{ value: 'Administrator' }] },
      { op: 'add', path: 'entitlements', value: [{ value: 'roles:manage' }] },
    );
    expect([raised.status, await rolesOf(id)]).toEqual([200, []]);
    const team = await directory.group();
    const headers = { 'x-api-key': directory.key };
    const mapped = await slice.http('PUT', `/api/v1/scim-groups/${team}/roles`, { headers, body: { roles: [] } });
    expect([mapped.status, mapped.body.code]).toEqual([403, 'permission_missing']);
    const own = await slice.http('GET', '/api/v1/service-tokens', { headers });
    expect(own.status).toBe(403);
  });

  it('is mapped no role that whoever maps it does not hold', async () => {
    const team = await directory.group();
    const clerk = await signIn(slice, { grants: ['scim:map'] });
    const [role] = await rolesOf(manager.userId);
    const asked = { token: clerk.token, body: { roles: [role] } };
    const { status, body } = await slice.http('PUT', `/api/v1/scim-groups/${team}/roles`, asked);
    expect([status, body.code]).toEqual([403, 'exceeds_own_grants']);
  });

  it('leaves a tenant its last administrator', async () => {
    await asTester(`update users set is_break_glass = false where id = '${admin.userId}'`);
    const { status, body } = await directory.patch(`Users/${admin.userId}`, {
      op: 'replace',
      path: 'active',
      value: false,
    });
    expect([status, body.detail]).toEqual([422, expect.stringContaining('nobody who may administer')]);
    expect((await rowOf(admin.userId)).status).toBe('active');
  });
});
