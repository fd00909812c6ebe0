import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from './support/nexus.js';
import { idsOf, type Operation, operationsOf, readDocument } from './support/operations.js';

const MATRIX = resolve(import.meta.dirname, '../docs/permissions.md');

/** Every route the API has, against everybody who might call it. A new route is in here without being named. */
describe('the permission matrix', () => {
  let nexus: Nexus;
  let operations: Operation[];
  let pathOf: (path: string) => string;
  let stranger: Client;
  let foreigner: Client;
  let admin: Client;

  beforeAll(async () => {
    nexus = await Nexus.start();
    operations = operationsOf(await readDocument(nexus));
    pathOf = await idsOf(nexus, 'demo');
    admin = await nexus.login('admin');
    foreigner = await nexus.login('admin@acme.example');
    stranger = await withoutGrants();
  });
  afterAll(() => nexus.stop());

  /** A user of the demo tenant whose only role grants nothing. */
  async function withoutGrants(): Promise<Client> {
    const role = await admin.post('roles', { name: 'Onlooker', description: 'Sees nothing', grants: [] });
    expect(role.status).toBe(201);
    const user = await admin.post('users', {
      email: 'onlooker@demo.example',
      username: 'onlooker',
      password: 'Quiet-Harbour-77',
      firstName: 'On',
      lastName: 'Looker',
      roles: [role.body.id],
    });
    expect(user.status).toBe(201);
    const login = await nexus.request('POST', 'auth/login', {
      body: { email: 'onlooker@demo.example', password: 'Quiet-Harbour-77' },
    });
    return nexus.client(login.body.accessToken);
  }

  const call = (client: Client | undefined, { method, path }: Operation) =>
    nexus.request(method, pathOf(path), {
      ...(['POST', 'PUT', 'PATCH'].includes(method) ? { body: {} } : {}),
      headers: client ? { authorization: `Bearer ${client.token}` } : {},
    });

  it('is documented as it is, route by route', async () => {
    const { rows } = await nexus.superuser.query<{ name: string; grants: string[] }>(
      "select r.name, r.grants from roles r join tenants t on t.id = r.tenant_id where t.slug = 'acme' order by r.name",
    );
    const rolesOf = (permission: string): string =>
      rows
        .map(({ name, grants }) => ({
          name,
          reach: grants
            .filter((grant) => grant === permission || grant.startsWith(`${permission}_`))
            .map((grant) => grant.slice(permission.length + 1)),
        }))
        .filter(({ reach }) => reach.length)
        .map(({ name, reach }) => (reach.some(Boolean) ? `${name} (${reach.at(-1)})` : name))
        .join(', ');
    const lines = operations.map(({ method, path, permission, isPublic }) =>
      [
        `| ${method} ${path}`,
        permission ? `\`${permission}\`` : isPublic ? 'everybody' : 'whoever is logged in',
        permission ? rolesOf(permission) : '',
        '',
      ]
        .join(' | ')
        .trim(),
    );
    const head = [
      '# Who may call what',
      '',
      'Generated from the running API and the seeded roles; a test fails when it differs.',
      '',
      '| route | permission | seeded roles |',
      '|---|---|---|',
    ];
    const matrix = `${[...head, ...lines].join('\n')}\n`;
    if (process.env.UPDATE_MATRIX) writeFileSync(MATRIX, matrix);
    expect(readFileSync(MATRIX, 'utf8')).toBe(matrix);
  });

  it('lets nobody in without a token', async () => {
    for (const operation of operations.filter(({ isPublic }) => !isPublic)) {
      expect({ route: operation.id, status: (await call(undefined, operation)).status }).toEqual({
        route: operation.id,
        status: 401,
      });
    }
  });

  it('answers 403 and names the permission to whoever lacks it', async () => {
    for (const operation of operations.filter(({ permission }) => permission)) {
      const { status, body } = await call(stranger, operation);
      expect({ route: operation.id, status, permission: body.permission }).toEqual({
        route: operation.id,
        status: 403,
        permission: operation.permission,
      });
    }
  });

  it("shows an administrator nothing of another tenant's records, and changes none", async () => {
    const trail = () =>
      nexus.superuser.query(
        "select count(*)::int as n from audit_log a join tenants t on t.id = a.tenant_id where t.slug = 'demo'",
      );
    await nexus.settled();
    const before = await trail();
    for (const operation of operations.filter(({ path, isPublic }) => path.includes('{id}') && !isPublic)) {
      const { status } = await call(foreigner, operation);
      const expected = operation.method === 'GET' ? [404] : [400, 404, 409, 422, 428];
      expect({ route: operation.id, status, isRefused: expected.includes(status) }).toEqual({
        route: operation.id,
        status,
        isRefused: true,
      });
    }
    expect((await trail()).rows).toEqual(before.rows);
  });
});
