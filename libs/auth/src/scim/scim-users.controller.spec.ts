import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, anAccount, aTenant, authContexts, logIn, signIn } from '../testing.js';
import { URN } from './scim-names.js';
import { aPerson, Directory } from './testing/directory.js';

describe('SCIM users', () => {
  let slice: Slice;
  let directory: Directory;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    directory = await Directory.of(slice);
    await slice.app.listen(0, '127.0.0.1');
  });
  afterAll(() => slice?.close());
  const stateOf = async (id: string): Promise<{ status: string; email: string; is_created: boolean }> =>
    (
      await slice.superuser.query(
        'select u.status, u.email, s.is_created from users u left join scim_users s on s.user_id = u.id where u.id = $1',
        [id],
      )
    ).rows[0];

  it('are told what the server can, each in its own place', async () => {
    const config = await directory.ask('GET', 'ServiceProviderConfig');
    expect(config.headers['content-type']).toContain('application/scim+json');
    expect(config.body).toMatchObject({
      schemas: [URN.config],
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 200 },
      authenticationSchemes: [{ type: 'oauthbearertoken' }],
    });
    const types = (await directory.ask('GET', 'ResourceTypes')).body;
    expect([types.totalResults, types.Resources.map(({ endpoint }: { endpoint: string }) => endpoint)]).toEqual([
      2,
      ['/Users', '/Groups'],
    ]);
    const schemas = (await directory.ask('GET', 'Schemas')).body;
    expect(schemas.Resources.map(({ id }: { id: string }) => id)).toEqual([URN.user, URN.group]);
    const one = await directory.ask('GET', `Schemas/${URN.user}`);
    expect(one.body.attributes.map(({ name }: { name: string }) => name)).toContain('userName');
    expect((await directory.ask('GET', 'ResourceTypes/Device')).status).toBe(404);
  });

  it('are created, read, replaced and found', async () => {
    const userName = `${newId()}@Directory.example`;
    const made = await directory.ask('POST', 'Users', aPerson({ userName, externalId: 'bjensen' }));
    expect(made.status).toBe(201);
    expect(made.headers['content-type']).toContain('application/scim+json');
    expect(made.headers.location).toBe(made.body.meta.location);
    expect(made.body).toMatchObject({
      schemas: [URN.user],
      externalId: 'bjensen',
      userName,
      name: { givenName: 'Barbara', familyName: 'Jensen', formatted: 'Barbara Jensen' },
      displayName: 'Barbara Jensen',
      active: true,
      emails: [{ value: userName.toLowerCase(), type: 'work', primary: true }],
      meta: { resourceType: 'User', location: expect.stringContaining(`/api/v1/scim/v2/Users/${made.body.id}`) },
    });
    const replaced = await directory.ask(
      'PUT',
      `Users/${made.body.id}`,
      aPerson({ userName, name: { givenName: 'Babs' } }),
    );
    expect([replaced.status, replaced.body.name.formatted, replaced.body.externalId]).toEqual([200, 'Babs', undefined]);
    expect((await directory.ask('GET', `Users/${made.body.id}`)).body).toEqual(replaced.body);
    for (const filter of [
      `userName eq "${userName.toUpperCase()}"`,
      `emails.value eq "${userName}"`,
      `emails[type eq "work"].value eq "${userName}"`,
      `id eq "${made.body.id}" and userName eq "${userName}"`,
    ]) {
      const { body } = await directory.find('Users', filter);
      expect(body).toMatchObject({ schemas: [URN.list], totalResults: 1, startIndex: 1, itemsPerPage: 1 });
      expect(body.Resources[0].id).toBe(made.body.id);
    }
    expect((await directory.find('Users', 'userName eq "nobody@directory.example"')).body).toMatchObject({
      totalResults: 0,
      Resources: [],
    });
  });

  it('are paged from one, and answered in part', async () => {
    for (let n = 0; n < 3; n++) await directory.person();
    const whole = (await directory.ask('GET', 'Users')).body;
    const page = (await directory.ask('GET', 'Users?startIndex=2&count=2')).body;
    expect(page).toMatchObject({ startIndex: 2, itemsPerPage: 2, totalResults: whole.totalResults });
    expect(page.Resources).toEqual(whole.Resources.slice(1, 3));
    expect((await directory.ask('GET', 'Users?count=0')).body).toMatchObject({
      totalResults: whole.totalResults,
      Resources: [],
    });
    expect((await directory.ask('GET', 'Users?startIndex=-3&count=1')).body.startIndex).toBe(1);
    const [first] = (await directory.ask('GET', 'Users?attributes=userName&count=1')).body.Resources;
    expect(Object.keys(first).sort()).toEqual(['id', 'schemas', 'userName']);
  });

  it.each<[string, () => Promise<{ status: number; body: object; headers: object }>, number, string | undefined]>([
    ['a filter that is none', () => directory.find('Users', 'userName sounds "x"'), 400, 'invalidFilter'],
    ['a filter by what is not compared', () => directory.find('Users', 'shoeSize eq "x"'), 400, 'invalidFilter'],
    ['a filter by what objects are made of', () => directory.find('Users', 'constructor eq "x"'), 400, 'invalidFilter'],
    ['an unknown id', () => directory.ask('GET', `Users/${newId()}`), 404, undefined],
    ['an id that is none', () => directory.ask('GET', 'Users/me'), 404, undefined],
    ['no userName', () => directory.ask('POST', 'Users', aPerson({ userName: undefined })), 400, 'invalidValue'],
    ['a body that is a list', () => directory.ask('POST', 'Users', []), 400, 'invalidSyntax'],
    ['a count that is no number', () => directory.ask('GET', 'Users?count=x'), 400, 'invalidValue'],
    ['a route that there is not', () => directory.ask('GET', 'Bulk'), 404, undefined],
  ])('are refused in SCIM’s own words: %s', async (_, ask, status, scimType) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect((answer.headers as Record<string, string>)['content-type']).toContain('application/scim+json');
    expect(answer.body).toMatchObject({ schemas: [URN.error], status: String(status), detail: expect.any(String) });
    expect((answer.body as { scimType?: string }).scimType).toBe(scimType);
  });

  it('are refused in the same words what cannot be read, and who may not', async () => {
    const url = '/api/v1/scim/v2/Users';
    const type = { 'content-type': 'application/scim+json' };
    const broken = await slice.app.inject({
      ...{ method: 'POST', url, payload: '{"userName":' },
      headers: { ...type, authorization: `Bearer ${directory.key}` },
    });
    expect([broken.statusCode, broken.json().scimType]).toEqual([400, 'invalidSyntax']);
    const nobody = await slice.http('GET', url);
    expect([nobody.status, nobody.body.schemas]).toEqual([401, [URN.error]]);
    const other = await Directory.of(slice, { grants: ['users:read'] });
    const refused = await other.ask('GET', 'Users');
    expect([refused.status, refused.body.schemas]).toEqual([403, [URN.error]]);
  });

  it('know the key as a bearer on these routes alone', async () => {
    const headers = { authorization: `Bearer ${directory.key}` };
    expect((await slice.http('GET', '/api/v1/auth/permissions', { headers })).status).toBe(401);
    expect((await slice.http('GET', '/api/v1/scim/v2/Users', { headers: { 'x-api-key': directory.key } })).status).toBe(
      200,
    );
  });

  it('are one of each name, address and id of the directory', async () => {
    const [userName, externalId] = [`${newId()}@directory.example`, newId()];
    await directory.person({ userName, externalId });
    for (const over of [{ userName }, { userName: userName.toUpperCase() }, { externalId }]) {
      const { status, body } = await directory.ask('POST', 'Users', aPerson(over));
      expect([status, body.scimType]).toEqual([409, 'uniqueness']);
    }
    const other = await directory.person();
    const moved = await directory.patch(`Users/${other}`, { op: 'replace', path: 'userName', value: userName });
    expect([moved.status, moved.body.scimType]).toEqual([409, 'uniqueness']);
    const readdressed = await directory.patch(`Users/${other}`, {
      op: 'replace',
      path: 'emails',
      value: [{ value: userName }],
    });
    expect([readdressed.status, readdressed.body.scimType]).toEqual([409, 'uniqueness']);
  });

  it('are one even when two creates come at once', async () => {
    const body = aPerson();
    const answers = await Promise.all(Array.from({ length: 6 }, () => directory.ask('POST', 'Users', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    const { rows } = await slice.superuser.query('select 1 from users where email = $1', [body.userName]);
    expect(rows).toHaveLength(1);
  });

  it('are those whom single sign-on or a colleague brought in before, rather than twice the same', async () => {
    const { userId } = await signIn(slice, { email: `${newId().slice(-12)}@directory.example` });
    const { email } = await stateOf(userId);
    expect((await directory.find('Users', `userName eq "${email}"`)).body.totalResults).toBe(1);
    const linked = await directory.ask('POST', 'Users', aPerson({ userName: email, externalId: 'jit' }));
    expect([linked.status, linked.body.id, linked.body.externalId]).toEqual([201, userId, 'jit']);
    expect((await stateOf(userId)).is_created).toBe(false);
    expect((await directory.ask('POST', 'Users', aPerson({ userName: email }))).status).toBe(409);
  });

  it('of another tenant are not there', async () => {
    const stranger = await signIn(slice, { tenantId: OTHER_TENANT });
    const others = await Directory.of(slice, { tenantId: OTHER_TENANT });
    const mine = await directory.person();
    for (const path of [`Users/${stranger.userId}`])
      for (const [method, body] of [['GET'], ['PUT', aPerson()], ['DELETE']] as const)
        expect((await directory.ask(method, path, body)).status).toBe(404);
    expect((await others.ask('GET', `Users/${mine}`)).status).toBe(404);
    const { Resources } = (await others.ask('GET', 'Users')).body;
    expect(Resources.map(({ id }: { id: string }) => id)).not.toContain(mine);
  });

  describe('who are deprovisioned', () => {
    let account: Account;
    let north: Directory;
    let tenantId: string;
    beforeAll(async () => {
      tenantId = await aTenant(slice, 'provisioned');
      north = await Directory.of(slice, { tenantId });
    });
    const connected = async (token: string) => {
      const { port } = slice.app.getHttpServer().address() as { port: number };
      const socket = io(`http://127.0.0.1:${port}`, {
        auth: { token },
        transports: ['websocket'],
        reconnection: false,
      });
      await new Promise((done, failed) => socket.once('connect', () => done(undefined)).once('connect_error', failed));
      return socket;
    };

    it.each<[string, (id: string) => Promise<{ status: number }>]>([
      ['by PATCH', (id) => north.patch(`Users/${id}`, { op: 'Replace', path: 'active', value: 'False' })],
      ['by PUT', (id) => north.ask('PUT', `Users/${id}`, aPerson({ userName: account.email, active: false }))],
      ['by DELETE', (id) => north.ask('DELETE', `Users/${id}`)],
    ])('lose tokens, refresh tokens, logins and sockets at once: %s', async (_, deprovision) => {
      account = await anAccount(slice, tenantId, `${newId().slice(-12)}@north.example`, ['CSO']);
      const { token, refreshToken } = await logIn(slice, account);
      const socket = await connected(token);
      expect((await slice.http('GET', '/api/v1/auth/me', { token })).status).toBe(200);
      expect((await deprovision(account.id)).status).toBeLessThan(300);
      expect((await slice.http('GET', '/api/v1/auth/me', { token })).status).toBe(401);
      expect((await slice.http('POST', '/api/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
      expect((await logIn(slice, account)).status).toBe(401);
      await expect.poll(() => socket.connected, { timeout: 5000 }).toBe(false);
      expect((await stateOf(account.id)).status).toBe('deactivated');
      const { rows } = await slice.superuser.query(
        `select 1 from outbox where type = 'users.deactivated' and payload ->> 'userId' = $1`,
        [account.id],
      );
      expect(rows).toHaveLength(1);
    });

    it('come back as they were when they are brought again, also after a DELETE', async () => {
      account = await anAccount(slice, tenantId, `${newId().slice(-12)}@north.example`, ['CSO']);
      const { id, email } = account;
      await north.patch(`Users/${id}`, { op: 'replace', value: { active: false } });
      expect((await north.patch(`Users/${id}`, { op: 'replace', value: { active: true } })).body.active).toBe(true);
      expect((await north.ask('DELETE', `Users/${id}`)).status).toBe(204);
      expect((await north.ask('GET', `Users/${id}`)).status).toBe(404);
      expect((await north.ask('DELETE', `Users/${id}`)).status).toBe(404);
      expect((await north.find('Users', `userName eq "${email}"`)).body.totalResults).toBe(0);
      const again = await north.ask('POST', 'Users', aPerson({ userName: email }));
      expect([again.status, again.body.id, again.body.active]).toEqual([201, id, true]);
      expect((await logIn(slice, account)).status).toBe(200);
    });
  });
});
