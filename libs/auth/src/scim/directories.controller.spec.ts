import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authContexts } from '../testing.js';
import { URN } from './scim-names.js';
import { Directory } from './testing/directory.js';

/** The conversations that two vendors' directories have, word by word as they write them. */
describe('A directory of another company', () => {
  let slice: Slice;
  let directory: Directory;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, env: { RATE_LIMIT_BURST: '150' } });
    directory = await Directory.of(slice);
  });
  afterAll(() => slice?.close());

  // learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups
  describe('Entra ID', () => {
    const upn = `Test_User_${newId()}@testuser.example`;
    const [userExternal, groupExternal] = [newId(), newId()];
    let user = '';
    let group = '';

    it('tests the connection by asking for somebody who is not there', async () => {
      const { status, body } = await directory.find('Users', `userName eq "${newId()}"`);
      expect([status, body]).toEqual([
        200,
        { schemas: [URN.list], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] },
      ]);
    });

    it('creates a user', async () => {
      const { status, body, headers } = await directory.ask('POST', 'Users', {
        schemas: [URN.user, URN.enterprise],
        externalId: userExternal,
        userName: upn,
        active: true,
        emails: [{ primary: true, type: 'work', value: `mail_${upn}` }],
        meta: { resourceType: 'User' },
        name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
        roles: [],
        [URN.enterprise]: { department: 'Sales', employeeNumber: '4711' },
      });
      user = body.id;
      expect([status, headers.location]).toEqual([201, body.meta.location]);
      expect(body).toMatchObject({ userName: upn, active: true, emails: [{ value: `mail_${upn}`.toLowerCase() }] });
    });

    it('finds it by its id, its name and its own id', async () => {
      expect((await directory.ask('GET', `Users/${user}`)).body.externalId).toBe(userExternal);
      for (const filter of [`userName eq "${upn}"`, `externalId eq "${userExternal}"`])
        expect((await directory.find('Users', filter)).body.Resources).toMatchObject([{ id: user }]);
    });

    it('patches several attributes at once', async () => {
      const { status, body } = await directory.patch(
        `Users/${user}`,
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updatedEmail@microsoft.example' },
        { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
        { op: 'Add', path: `${URN.enterprise}:department`, value: 'Support' },
        { op: 'Replace', path: 'displayName', value: 'Passed over' },
      );
      expect([status, body.emails[0].value, body.name.familyName]).toEqual([
        200,
        'updatedemail@microsoft.example',
        'updatedFamilyName',
      ]);
    });

    it('renames it', async () => {
      const { body } = await directory.patch(`Users/${user}`, { op: 'Replace', path: 'userName', value: `5${upn}` });
      expect([body.userName, body.emails[0].value]).toEqual([`5${upn}`, 'updatedemail@microsoft.example']);
    });

    it('makes no second one', async () => {
      const twice = {
        schemas: [URN.user],
        userName: `5${upn}`,
        externalId: newId(),
        emails: [{ value: `other_${upn}` }],
      };
      const { status, body } = await directory.ask('POST', 'Users', twice);
      expect([status, body.scimType]).toEqual([409, 'uniqueness']);
    });

    it('creates a group, and finds it without its members', async () => {
      const displayName = `displayName ${newId()}`;
      const made = await directory.ask('POST', 'Groups', {
        ...{ schemas: [URN.group], externalId: groupExternal, displayName },
        meta: { resourceType: 'Group' },
      });
      group = made.body.id;
      expect(made.status).toBe(201);
      const query = `excludedAttributes=members&filter=${encodeURIComponent(`displayName eq "${displayName}"`)}`;
      const { body } = await directory.ask('GET', `Groups?${query}`);
      expect([body.totalResults, body.Resources[0].id, body.Resources[0].members]).toEqual([1, group, undefined]);
    });

    it('adds and removes a member, and asks whether they are one', async () => {
      const isMember = async (): Promise<number> =>
        (await directory.find('Groups', `id eq "${group}" and members eq "${user}"`)).body.totalResults;
      const member = [{ $ref: null, value: user }];
      expect((await directory.patch(`Groups/${group}`, { op: 'Add', path: 'members', value: member })).status).toBe(
        200,
      );
      expect(await isMember()).toBe(1);
      await directory.patch(`Groups/${group}`, { op: 'Remove', path: 'members', value: member });
      expect(await isMember()).toBe(0);
    });

    it('disables it by a word, enables it by another, and deletes both', async () => {
      const active = async (value: string) =>
        (await directory.patch(`Users/${user}`, { op: 'Replace', path: 'active', value })).body.active;
      expect([await active('False'), await active('True')]).toEqual([false, true]);
      expect((await directory.ask('DELETE', `Users/${user}`)).status).toBe(204);
      expect((await directory.ask('GET', `Users/${user}`)).status).toBe(404);
      expect((await directory.ask('DELETE', `Groups/${group}`)).status).toBe(204);
      expect((await directory.ask('GET', `Groups/${group}`)).body).toMatchObject({
        schemas: [URN.error],
        status: '404',
      });
    });
  });

  // developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20
  describe('Okta', () => {
    const userName = `${newId()}@okta.example`;
    let user = '';
    let group = '';

    it('looks for two users to see that it is understood', async () => {
      const { status, body } = await directory.ask('GET', 'Users?count=2&startIndex=1');
      expect([status, Array.isArray(body.Resources), body.startIndex]).toEqual([200, true, 1]);
    });

    it('asks for the user first, and creates it', async () => {
      const filter = `userName eq "${userName}"`;
      const query = `Users?filter=${encodeURIComponent(filter)}&startIndex=1&count=100`;
      expect((await directory.ask('GET', query)).body.totalResults).toBe(0);
      const { status, body } = await directory.ask('POST', 'Users', {
        schemas: [URN.user],
        userName,
        name: { givenName: 'Test', familyName: 'User' },
        emails: [{ primary: true, value: userName, type: 'work' }],
        displayName: 'Test User',
        locale: 'en-US',
        externalId: '00ujl29u0le5T6Aj10h7',
        groups: [],
        password: '1mz050nq',
        active: true,
      });
      user = body.id;
      expect([status, body.userName, body.locale, body.password]).toEqual([201, userName, 'en', undefined]);
    });

    it('reads it and puts it back with another name', async () => {
      const { body } = await directory.ask('GET', `Users/${user}`);
      const name = { givenName: 'Another', middleName: 'Excited', familyName: 'User' };
      const put = await directory.ask('PUT', `Users/${user}`, { ...body, name });
      expect([put.status, put.body.name.formatted, put.body.externalId]).toEqual([
        200,
        'Another User',
        '00ujl29u0le5T6Aj10h7',
      ]);
    });

    it('deactivates and activates it by a value without a path', async () => {
      const set = async (active: boolean) =>
        (await directory.patch(`Users/${user}`, { op: 'replace', value: { active } })).body.active;
      expect([await set(false), await set(true)]).toEqual([false, true]);
    });

    it('pushes a group, renames it and replaces its members', async () => {
      const displayName = `Test SCIMv2 ${newId()}`;
      const made = await directory.ask('POST', 'Groups', {
        ...{ schemas: [URN.group], displayName },
        members: [{ value: user, display: userName }],
      });
      group = made.body.id;
      expect([made.status, made.body.members]).toMatchObject([201, [{ value: user }]]);
      const renamed = await directory.patch(`Groups/${group}`, {
        op: 'replace',
        value: { id: group, displayName: `${displayName} renamed` },
      });
      expect(renamed.body.displayName).toBe(`${displayName} renamed`);
      const emptied = await directory.patch(`Groups/${group}`, { op: 'replace', path: 'members', value: [] });
      expect(emptied.body.members).toEqual([]);
      const filled = await directory.patch(
        `Groups/${group}`,
        { op: 'remove', path: `members[value eq "${user}"]` },
        { op: 'add', path: 'members', value: [{ value: user, display: userName }] },
      );
      expect(filled.body.members).toMatchObject([{ value: user }]);
      expect((await directory.ask('DELETE', `Groups/${group}`)).status).toBe(204);
    });
  });
});
