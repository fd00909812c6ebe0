import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Documented } from './support/documented.js';
import { type Answer, type Client, Nexus } from './support/nexus.js';
import { type Document, idsOf, type Operation, operationsOf, readDocument, schemaOf } from './support/operations.js';

type Right = 'hidden' | 'read';
type Rule = { record: string; field: string; right: Right };
type Catalogue = { records: { record: string; fields: { name: string; goesWith: string[] }[] }[] };

/** What a field may hold, tried in this order: each is found again wherever it is told. */
const canaries = (n: number): unknown[] => [
  `canary${n}@hidden.example`,
  `canary${n}.example`,
  `+4930555${String(100_000 + n)}`,
  `1931-03-${String((n % 27) + 1).padStart(2, '0')}`,
  76_000_000 + n,
  { amount: 77_000_000 + n, currency: 'EUR' },
  { canary: `canary${n}word` },
  `canary${n}word`,
];
/** As it would stand in an answer. */
const markOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? String(Object.values(value)[0]) : String(value);

/** Every field that a context declares, against every route that might tell of it: a new context is in here by declaring some. */
describe('Fields that a role is kept from', () => {
  let nexus: Nexus;
  let admin: Client;
  let keptToken: string;
  let planted = 0;
  let roleId: string;
  let document: Document;
  let operations: Operation[];
  let pathOf: (path: string) => string;
  let catalogue: Catalogue;
  const documented = Documented.forKept();

  beforeAll(async () => {
    nexus = await Nexus.start();
    admin = await nexus.login('admin');
    document = await readDocument(nexus);
    operations = operationsOf(document);
    pathOf = await idsOf(nexus, 'demo');
    catalogue = (await admin.get('field-rights/catalogue')).body as Catalogue;
    const { grants } = (await admin.get('auth/permissions')).body;
    const role = await admin.post('roles', { name: 'Kept', description: 'Of a test', grants });
    roleId = role.body.id;
    const account = { email: 'kept@demo.example', password: 'Quiet-Harbour-77' };
    const user = { ...account, username: 'kept', firstName: 'Kept', lastName: 'From', roles: [roleId] };
    expect((await admin.post('users', user)).status).toBe(201);
    keptToken = (await nexus.request('POST', 'auth/login', { body: account })).body.accessToken;
  });
  afterAll(() => nexus.stop());

  /** Held against the document as it stands for who may not see everything. */
  const asKept = async (method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`${nexus.url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${keptToken}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /[/+]json\b/.test(answer.headers.get('content-type') ?? '');
    const told = { status: answer.status, headers: answer.headers, body: isJson && text ? JSON.parse(text) : text };
    expect(documented.faultsOf(method, `/api/v1/${path}`, told)).toEqual([]);
    return told;
  };
  const keep = async (rules: Rule[]): Promise<void> => {
    const { status, body } = await admin.put(`roles/${roleId}/field-rights`, { rules });
    expect([status, body.code]).toEqual([200, undefined]);
  };
  const oneOf = (record: string): string => pathOf(`/api/v1/${record}/{id}`).replace('/api/v1/', '');
  const propertiesOf = (record: string, method: string): string[] => {
    const operation = operations.find((one) => one.method === method && one.path === `/api/v1/${record}/{id}`);
    return Object.keys(schemaOf(document, operation?.body)?.properties ?? {});
  };
  const texts = async (routes: readonly Operation[]): Promise<Map<string, string>> => {
    const told = new Map<string, string>();
    for (const { id, path } of routes) {
      const { status, body } = await asKept('GET', pathOf(path).replace('/api/v1/', ''));
      if (status === 200) told.set(id, typeof body === 'string' ? body : JSON.stringify(body));
    }
    return told;
  };
  const reads = (): Operation[] =>
    operations.filter(({ method, path, isPublic }) => method === 'GET' && !isPublic && path.startsWith('/api/v1/'));

  /** Gives each field that may be written a value that is found again. */
  async function plant(record: string, fields: readonly string[]): Promise<Map<string, string>> {
    const marks = new Map<string, string>();
    const writable = propertiesOf(record, 'PATCH');
    for (const field of fields.filter((name) => writable.includes(name))) {
      planted++;
      for (const value of canaries(planted)) {
        const { status } = await admin.patch(oneOf(record), { [field]: value });
        if (status !== 200) continue;
        marks.set(field, markOf(value));
        break;
      }
    }
    return marks;
  }

  it('are declared for the records that carry the business', () => {
    const records = catalogue.records.map(({ record }) => record);
    expect(records).toEqual(['companies', 'customers', 'deals', 'inquiries', 'leads', 'projects', 'tasks', 'worklogs']);
    for (const { fields } of catalogue.records) expect(fields.length).toBeGreaterThan(0);
  });

  it.each(['companies', 'customers', 'deals', 'inquiries', 'leads', 'projects', 'tasks', 'worklogs'])(
    'stand in no answer and are taken from no body: %s',
    async (record) => {
      const { fields } = catalogue.records.find((one) => one.record === record) ?? { fields: [] };
      const names = fields.map(({ name }) => name);
      await keep([]);
      const marks = await plant(record, names);
      const open = await texts(reads());
      const telling = reads().filter(({ id }) => [...marks.values()].some((mark) => open.get(id)?.includes(mark)));
      expect(telling.length).toBeGreaterThan(0);
      const before = (await admin.get(oneOf(record))).body;
      for (const { name, goesWith } of fields) {
        for (const right of ['hidden', 'read'] as const) {
          await keep([{ record, field: name, right }]);
          const one = await asKept('GET', oneOf(record));
          expect([name, right, one.status]).toEqual([name, right, 200]);
          if (right === 'read') expect(one.body).toEqual(before);
          else for (const key of [name, ...goesWith]) expect([key, key in one.body]).toEqual([key, false]);
          const mark = marks.get(name);
          if (right === 'hidden' && mark)
            for (const [route, text] of await texts(telling))
              expect([name, route, text.includes(mark)]).toEqual([name, route, false]);
          await refuseWrites(record, name, before);
        }
      }
      await keep([]);
      expect((await asKept('GET', oneOf(record))).body).toEqual(before);
    },
    600_000,
  );

  async function refuseWrites(record: string, field: string, before: Record<string, unknown>): Promise<void> {
    for (const method of ['PATCH', 'PUT'] as const) {
      if (!propertiesOf(record, method).includes(field)) continue;
      const { status, body } = await asKept(method, oneOf(record), { [field]: before[field] ?? null });
      const pointers = ((body.errors ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);
      expect([method, field, status, body.code]).toEqual([method, field, 403, 'field_forbidden']);
      expect(pointers).toContain(`/${field}`);
    }
    expect((await admin.get(oneOf(record))).body).toEqual(before);
  }

  it('are not found by any search', async () => {
    const word = 'quillfeatherstone';
    await keep([]);
    await admin.patch(oneOf('customers'), { lastName: word });
    await admin.patch(oneOf('deals'), { name: `Sale of ${word}` });
    const routes = [`customers?q=${word}`, `deals?q=${word}`, `search?q=${word}`, `search?q=quillfeatherstnoe`];
    const found = async (path: string): Promise<number> => (await asKept('GET', path)).body.data.length;
    for (const path of routes) expect([path, (await found(path)) > 0]).toEqual([path, true]);
    await keep([
      { record: 'customers', field: 'lastName', right: 'hidden' },
      { record: 'deals', field: 'name', right: 'hidden' },
    ]);
    for (const path of routes) expect([path, await found(path)]).toEqual([path, 0]);
  });

  it('are found by no condition and come by no file, view, segment or quote, the tenant’s own among them', async () => {
    await keep([]);
    const own = { recordKind: 'customers', key: 'keptWord', label: 'Kept', type: 'text' };
    expect((await admin.post('custom-fields', own)).status).toBe(201);
    const marks = ['canaryway@hidden.example', 'canaryown', 'Canaryquote'];
    const customer = oneOf('customers');
    const planted = { email: marks[0], customFields: { keptWord: marks[1] }, lastName: marks[2] };
    expect((await admin.patch(customer, planted)).status).toBe(200);
    const view = { resource: 'customers', audience: 'tenant', sort: 'lastName' };
    const seeks = (field: string, value: unknown) => ({ where: { field, op: 'eq', value } });
    const views = await Promise.all(
      ['email', 'cf.keptWord'].map((field, at) =>
        admin.post('views', { ...view, name: field, ...seeks(field, marks[at]) }),
      ),
    );
    expect(views.map(({ status, body }) => [status, body.errors])).toEqual([
      [201, undefined],
      [201, undefined],
    ]);
    const { customerId } = (await admin.get(oneOf('inquiries'))).body;
    expect(customer).toContain(customerId);
    const macro = await admin.post('macros', { name: 'Kept', body: 'Dear {{customer.lastName}}' });
    expect(macro.status).toBe(201);
    const fill = { inquiryId: oneOf('inquiries').split('/')[1] };
    const asked: (readonly [string, string, object?])[] = [
      ...views.map(({ body }) => ['GET', `customers?view=${body.id}`] as const),
      ['GET', `customers?email=${marks[0]}`],
      ['GET', `customers?cf.keptWord=${marks[1]}`],
      ['GET', 'customers?sort=cf.keptWord&fields=id'],
      ['GET', 'customers?fields=id,cf.keptWord'],
      ['POST', 'customers/search', seeks('email', marks[0])],
      ['POST', 'customers/search', seeks('cf.keptWord', marks[1])],
      ['POST', 'views', { ...view, name: 'Mine', ...seeks('email', marks[0]) }],
      ['POST', 'segments/preview', { condition: seeks('email', marks[0]).where }],
      ['POST', 'segments/preview', { condition: seeks('cf.keptWord', marks[1]).where }],
      ['POST', 'exports', { entity: 'customers', query: { fields: ['id', 'email'] } }],
      ['POST', 'exports', { entity: 'customers', query: { fields: ['id', 'cf.keptWord'] } }],
      ['POST', 'exports', { entity: 'customers', query: seeks('email', marks[0]) }],
      ['PATCH', customer, { customFields: { keptWord: 'x' } }],
    ];
    const filled = () => asKept('POST', `macros/${macro.body.id}/fill`, fill);
    expect((await filled()).body).toEqual({ text: 'Dear Canaryquote', missing: [] });
    for (const one of asked.slice(0, -1)) expect([one, (await asKept(...one)).status < 300]).toEqual([one, true]);
    await keep([
      { record: 'customers', field: 'email', right: 'hidden' },
      { record: 'customers', field: 'cf.keptWord', right: 'hidden' },
      { record: 'customers', field: 'lastName', right: 'hidden' },
    ]);
    expect(JSON.stringify((await filled()).body)).not.toContain(marks[2]);
    for (const one of asked) {
      const { status, body } = await asKept(...one);
      const isTold = marks.some((mark) => JSON.stringify(body).includes(mark) && !JSON.stringify(one).includes(mark));
      expect([one, status, isTold]).toEqual([
        one,
        expect.toSatisfy((told: number) => told >= 400 && told < 500),
        false,
      ]);
    }
    expect((await admin.get(customer)).body).toMatchObject(planted);
  });

  it('close what is told as it rests', async () => {
    await keep([{ record: 'tasks', field: 'title', right: 'hidden' }]);
    for (const path of ['audit', 'audit/export', 'tenants/current/export', 'tenants/current/export.tar']) {
      const { status, body } = await asKept('GET', path);
      expect([path, status, body.code]).toEqual([path, 403, 'raw_records_closed']);
    }
  });
});
