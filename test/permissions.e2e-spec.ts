import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from './support/nexus.js';
import { idsOf, type Operation, operationsOf, readDocument } from './support/operations.js';

// settings, which are nobody's own
const OF_THE_TENANT = /^(approvalPolicies|responseSettings|inquirySettings|macros|requirements)/;
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
    stranger = await withGrants('onlooker', []);
  });
  afterAll(() => nexus.stop());

  /** A user of the demo tenant whose only role has these grants. */
  async function withGrants(username: string, grants: string[]): Promise<Client> {
    const role = await admin.post('roles', { name: `Of ${username}`, description: 'Of a test', grants });
    expect(role.status).toBe(201);
    const account = { email: `${username}@demo.example`, password: 'Quiet-Harbour-77' };
    const user = { ...account, username, firstName: 'On', lastName: 'Looker', roles: [role.body.id] };
    expect((await admin.post('users', user)).status).toBe(201);
    const login = await nexus.request('POST', 'auth/login', { body: account });
    return nexus.client(login.body.accessToken);
  }

  const call = (client: Client | undefined, { method, path, example }: Operation) =>
    nexus.request(method, pathOf(path), {
      ...(['POST', 'PUT', 'PATCH'].includes(method) ? { body: example ?? {} } : {}),
      headers: client ? { authorization: `Bearer ${client.token}` } : {},
    });
  /** What stands in the trail of the demo tenant about changes, not about refusals. */
  const changes = async (): Promise<number> => {
    await nexus.settled();
    const { rows } = await nexus.superuser.query<{ n: number }>(
      "select count(*)::int as n from audit_log a join tenants t on t.id = a.tenant_id where t.slug = 'demo' and a.action <> 'denied'",
    );
    return rows[0]?.n ?? -1;
  };

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
      expect({ route: operation.id, status, permission: namedIn(body) }).toEqual({
        route: operation.id,
        status: 403,
        permission: operation.permission,
      });
    }
  });

  /** SCIM's form of a refusal has words alone. */
  const namedIn = ({ permission, detail }: { permission?: string; detail?: string }): string | undefined =>
    permission ?? detail?.match(/\b[a-z-]+:[a-z-]+\b/)?.[0];

  it("shows an administrator nothing of another tenant's records, and changes none", async () => {
    const before = await changes();
    for (const operation of operations.filter(({ path, isPublic }) => path.includes('{id}') && !isPublic)) {
      const { status } = await call(foreigner, operation);
      const isHidden = status === 404 || (operation.method !== 'GET' && status === 422); // of the example's own ids
      expect({ route: operation.id, status, isHidden }).toEqual({ route: operation.id, status, isHidden: true });
    }
    expect(await changes()).toBe(before);
  });

  it('shows who may reach only their own records none of others, and lets them change none', async () => {
    type Permission = { name: string; scoped: boolean; grants: string[] };
    const catalogue = (await admin.get('auth/permissions')).body.catalogue as Permission[];
    const scoped = new Set(catalogue.filter((one) => one.scoped).map(({ name }) => name));
    const narrow = await withGrants(
      'narrow',
      catalogue.map(({ name, scoped: isScoped }) => (isScoped ? `${name}_own` : name)),
    );
    const before = await changes();
    const reached = operations.filter(
      ({ id, permission }) => permission && scoped.has(permission) && !OF_THE_TENANT.test(id),
    );
    expect(reached.length).toBeGreaterThan(50);
    for (const operation of reached) {
      const isOfOne = operation.path.includes('{id}');
      if (!isOfOne && operation.method !== 'GET') continue; // making one's own is what they may
      const { status, body } = await call(narrow, operation);
      const shown = isOfOne ? status : [status, shownIn(body)];
      expect({ route: operation.id, shown }).toEqual({ route: operation.id, shown: isOfOne ? 404 : [200, 0] });
    }
    expect(await changes()).toBe(before);
  });

  /** How many records an answer shows: a list, the columns of a board, a sum, or what left the stages of a pipeline. */
  type Shown = {
    data?: unknown[];
    columns?: { cards: unknown[] }[];
    total?: { deals: number };
    stages?: { left: number }[];
  };
  const shownIn = ({ data, columns, total, stages }: Shown): number | undefined =>
    (data ?? columns?.flatMap(({ cards }) => cards))?.length ??
    total?.deals ??
    stages?.reduce((sum, { left }) => sum + left, 0);

  const problemOf = ({ path }: Operation): string =>
    path.startsWith('/api/v1/scim/v2/') ? 'application/scim+json' : 'application/problem+json';

  it('answers every route with the headers of an API that loads nothing, keeps nothing and says what it is', async () => {
    for (const operation of operations) {
      const { status, headers } = await call(undefined, operation);
      const type = headers.get('content-type');
      expect({
        route: operation.id,
        sniffed: headers.get('x-content-type-options'),
        kept: headers.get('cache-control'),
        policy: headers.get('content-security-policy'),
        madeWith: headers.get('x-powered-by') ?? headers.get('server'),
        isProblem: status < 400 || type === `${problemOf(operation)}; charset=utf-8`,
      }).toEqual({
        route: operation.id,
        sniffed: 'nosniff',
        kept: 'no-store',
        policy: "default-src 'none'; frame-ancestors 'none'",
        madeWith: null,
        isProblem: true,
      });
    }
  });
});
