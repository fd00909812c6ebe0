import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authContexts, signIn, type SignedIn } from '../testing.js';
import { URN } from './scim-names.js';
import { Directory } from './testing/directory.js';

describe('SCIM groups', () => {
  let slice: Slice;
  let directory: Directory;
  let admin: SignedIn;
  let role: string;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    directory = await Directory.of(slice);
    const grants = [
      'scim:map',
      'roles:manage',
      'roles:read',
      'teams:read',
      'teams:manage',
      'users:read',
      'users:update',
    ];
    admin = await signIn(slice, { grants });
    const body = { name: `Reader ${newId()}`, grants: ['teams:read'] };
    role = (await slice.http('POST', '/api/v1/roles', { token: admin.token, body })).body.id;
  });
  afterAll(() => slice?.close());

  const membersOf = async (id: string): Promise<string[]> =>
    (await directory.ask('GET', `Groups/${id}`)).body.members.map(({ value }: { value: string }) => value).sort();
  const map = (id: string, roles: string[]) =>
    slice.http('PUT', `/api/v1/scim-groups/${id}/roles`, { token: admin.token, body: { roles } });
  const rolesOf = async (userId: string): Promise<string[]> =>
    (await slice.http('GET', `/api/v1/users/${userId}`, { token: admin.token })).body.roles.map(
      ({ id }: { id: string }) => id,
    );

  it('are teams, with their members', async () => {
    const person = await directory.person();
    const displayName = `Tour Guides ${newId()}`;
    const made = await directory.ask('POST', 'Groups', {
      ...{ schemas: [URN.group], displayName, externalId: displayName },
      members: [{ value: person }],
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      schemas: [URN.group],
      displayName,
      externalId: displayName,
      members: [{ value: person, display: 'Barbara Jensen', type: 'User' }],
      meta: { resourceType: 'Group' },
    });
    expect(made.headers.location).toBe(made.body.meta.location);
    const team = await slice.http('GET', `/api/v1/teams/${made.body.id}`, { token: admin.token });
    expect(team.body).toMatchObject({ name: displayName, members: [{ id: person, isLead: false }] });
    expect((await directory.ask('GET', `Users/${person}`)).body.groups).toMatchObject([
      { value: made.body.id, display: displayName },
    ]);
    for (const filter of [
      `displayName eq "${displayName}"`,
      `externalId eq "${displayName}"`,
      `members eq "${person}"`,
    ])
      expect((await directory.find('Groups', filter)).body.Resources[0].id).toBe(made.body.id);
    const bare = await directory.ask('GET', `Groups/${made.body.id}?excludedAttributes=members`);
    expect([bare.body.displayName, bare.body.members]).toEqual([displayName, undefined]);
    const twice = await directory.ask('POST', 'Groups', { schemas: [URN.group], displayName });
    expect([twice.status, twice.body.scimType]).toEqual([409, 'uniqueness']);
  });

  it('take members in and let them go, in every shape that directories send', async () => {
    const [a, b, c] = [await directory.person(), await directory.person(), await directory.person()];
    const id = await directory.group({ members: [{ value: a }] });
    const group = `Groups/${id}`;
    await directory.patch(group, { op: 'Add', path: 'members', value: [{ $ref: null, value: b }] });
    expect(await membersOf(id)).toEqual([a, b].sort());
    await directory.patch(group, { op: 'remove', path: `members[value eq "${a}"]` });
    expect(await membersOf(id)).toEqual([b]);
    await directory.patch(group, { op: 'add', value: { members: [{ value: c }] } });
    expect(await membersOf(id)).toEqual([b, c].sort());
    await directory.patch(group, { op: 'Remove', path: 'members', value: [{ $ref: null, value: b }] });
    expect(await membersOf(id)).toEqual([c]);
    await directory.patch(group, { op: 'replace', path: 'members', value: [{ value: a }, { value: b }] });
    expect(await membersOf(id)).toEqual([a, b].sort());
    await directory.patch(
      group,
      { op: 'remove', path: `members[value eq "${a}"]` },
      { op: 'add', path: 'members', value: [{ value: c }] },
      { op: 'replace', value: { id, displayName: `Renamed ${id}` } },
    );
    expect([await membersOf(id), (await directory.ask('GET', group)).body.displayName]).toEqual([
      [b, c].sort(),
      `Renamed ${id}`,
    ]);
    await directory.patch(group, { op: 'remove', path: 'members' });
    expect(await membersOf(id)).toEqual([]);
    const replaced = await directory.ask('PUT', group, { displayName: `Put ${id}`, members: [{ value: a }] });
    expect([replaced.status, await membersOf(id)]).toEqual([200, [a]]);
    expect((await directory.ask('DELETE', group)).status).toBe(204);
    expect((await directory.ask('GET', group)).status).toBe(404);
  });

  it.each<[string, object, number, string]>([
    ['a member that is nobody', { op: 'add', path: 'members', value: [{ value: newId() }] }, 400, 'invalidValue'],
    ['a member that is no id', { op: 'add', path: 'members', value: [{ value: 'x' }] }, 400, 'invalidValue'],
    ['an attribute that there is not', { op: 'replace', path: 'parentId', value: newId() }, 400, 'invalidPath'],
    ['no name', { op: 'remove', path: 'displayName' }, 400, 'invalidValue'],
    ['the id', { op: 'replace', path: 'id', value: newId() }, 400, 'mutability'],
    ['everything', { op: 'remove' }, 400, 'noTarget'],
  ])('refuse %s, and keep what they had', async (_, operation, status, scimType) => {
    const person = await directory.person();
    const id = await directory.group({ members: [{ value: person }] });
    const { body, ...answer } = await directory.patch(`Groups/${id}`, { op: 'remove', path: 'members' }, operation);
    expect([answer.status, body.scimType]).toEqual([status, scimType]);
    expect(await membersOf(id)).toEqual([person]);
  });

  it('keep who leads them, whom the directory knows nothing of', async () => {
    const [lead, other] = [await directory.person(), await directory.person()];
    const id = await directory.group({ members: [{ value: lead }] });
    await slice.http('PUT', `/api/v1/teams/${id}/members/${lead}`, { token: admin.token, body: { isLead: true } });
    await directory.ask('PUT', `Groups/${id}`, {
      displayName: `Led ${id}`,
      members: [{ value: lead }, { value: other }],
    });
    const { body } = await slice.http('GET', `/api/v1/teams/${id}`, { token: admin.token });
    expect(body.members.map((one: { id: string; isLead: boolean }) => [one.id, one.isLead])).toEqual([
      [lead, true],
      [other, false],
    ]);
  });

  describe('that bring roles', () => {
    it('bring them to who comes, and take them from who leaves', async () => {
      const person = await directory.person();
      const id = await directory.group();
      expect((await map(id, [role])).body.roles).toEqual([{ id: role, name: expect.any(String) }]);
      await directory.patch(`Groups/${id}`, { op: 'add', path: 'members', value: [{ value: person }] });
      expect(await rolesOf(person)).toEqual([role]);
      await directory.patch(`Groups/${id}`, { op: 'remove', path: `members[value eq "${person}"]` });
      expect(await rolesOf(person)).toEqual([]);
    });

    it('bring them to who is there, and take them when they bring them no more', async () => {
      const person = await directory.person();
      const [one, two] = [
        await directory.group({ members: [{ value: person }] }),
        await directory.group({ members: [{ value: person }] }),
      ];
      await map(one, [role]);
      await map(two, [role]);
      expect(await rolesOf(person)).toEqual([role]);
      await map(one, []);
      expect(await rolesOf(person)).toEqual([role]);
      await directory.ask('DELETE', `Groups/${two}`);
      expect(await rolesOf(person)).toEqual([]);
    });

    it('leave what somebody else gave', async () => {
      const person = await directory.person();
      await slice.http('PUT', `/api/v1/users/${person}/roles`, { token: admin.token, body: { roles: [role] } });
      const id = await directory.group({ members: [{ value: person }] });
      await map(id, [role]);
      await directory.ask('DELETE', `Groups/${id}`);
      expect(await rolesOf(person)).toEqual([role]);
    });

    it('bring none to whom a colleague put there: who chooses members does not give roles', async () => {
      const person = await directory.person();
      const id = await directory.group();
      await map(id, [role]);
      await slice.http('PUT', `/api/v1/teams/${id}/members/${person}`, { token: admin.token, body: {} });
      await directory.patch(`Groups/${id}`, { op: 'replace', path: 'displayName', value: `Again ${id}` });
      expect(await rolesOf(person)).toEqual([]);
    });

    it('hold at the next request of an open session', async () => {
      const { userId, token } = await signIn(slice);
      const asks = async () => (await slice.http('GET', '/api/v1/teams', { token })).status;
      const id = await directory.group();
      await map(id, [role]);
      expect(await asks()).toBe(403);
      await directory.patch(`Groups/${id}`, { op: 'add', path: 'members', value: [{ value: userId }] });
      expect(await asks()).toBe(200);
      await directory.patch(`Groups/${id}`, { op: 'remove', path: 'members' });
      expect(await asks()).toBe(403);
    });
  });

  it('come out as the directory last said, however many of its changes come at once', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => directory.person()));
    const id = await directory.group();
    await map(id, [role]);
    await Promise.all(
      people.map((value) => directory.patch(`Groups/${id}`, { op: 'add', path: 'members', value: [{ value }] })),
    );
    expect(await membersOf(id)).toEqual([...people].sort());
    for (const person of people) expect(await rolesOf(person)).toEqual([role]);
    await Promise.all(
      people.map((value) => directory.patch(`Groups/${id}`, { op: 'remove', path: `members[value eq "${value}"]` })),
    );
    for (const person of people) expect(await rolesOf(person)).toEqual([]);
  });
});
