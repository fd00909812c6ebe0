import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from './support/nexus.js';
import { idsOf, type Operation, operationsOf, readDocument, type Schema, schemaOf } from './support/operations.js';

const MIB = 'x'.repeat(1024 * 1024 - 200);
const HOSTILE: Record<string, unknown> = {
  'a NUL': 'a\u0000b',
  'half a surrogate pair': 'a\ud800b',
  'a right-to-left override': '\u202egnp.exe',
  'a megabyte': MIB,
  'an object': { $ne: null },
  'an array': [['x']],
  'a number': 1e308,
  null: null,
  true: true,
  SQL: "'; drop table customers; --",
  'a template': '{{constructor.constructor("return process")()}}',
};
// login and what would lock the tests out
const LEFT_OUT = /^(auth|tenants)/;

/** Whatever comes in: a clear problem or a clean success, never a 5xx, never a leak of how it is made. */
describe('hostile input', () => {
  let nexus: Nexus;
  let admin: Client;
  let operations: Operation[];
  let listIds: Set<string>;
  let document: Awaited<ReturnType<typeof readDocument>>;
  let pathOf: (path: string) => string;
  beforeAll(async () => {
    nexus = await Nexus.start({ workers: 0 });
    admin = await nexus.login('admin');
    document = await readDocument(nexus);
    listIds = new Set(
      operationsOf(document)
        .filter(({ parameters }) => parameters.includes('limit'))
        .map(({ id }) => id),
    );
    operations = operationsOf(document).filter(({ id }) => !LEFT_OUT.test(id));
    pathOf = await idsOf(nexus, 'demo');
  });
  afterAll(() => nexus.stop());

  const send = (operation: Operation, body: unknown, path = pathOf(operation.path)) =>
    nexus.request(operation.method, path, { body, headers: { authorization: `Bearer ${admin.token}` } });
  const clean = (answer: Awaited<ReturnType<typeof send>>): boolean => {
    const text = JSON.stringify(answer.body);
    return answer.status < 500 && !/select .+ from|insert into|node_modules|violates|\.ts:\d|\.js:\d/i.test(text);
  };
  const fields = (operation: Operation): [string, Schema][] =>
    Object.entries(schemaOf(document, operation.body)?.properties ?? {});
  const withBody = (): Operation[] => operations.filter(({ body, method }) => body && method !== 'GET');

  it('gives every string field every hostile value, and gets no 5xx', async () => {
    const bad: unknown[] = [];
    for (const operation of withBody()) {
      for (const [field] of fields(operation)) {
        for (const [name, value] of Object.entries(HOSTILE)) {
          const answer = await send(operation, { [field]: value });
          if (!clean(answer)) bad.push({ route: operation.id, field, name, status: answer.status, body: answer.body });
        }
      }
    }
    expect(bad).toEqual([]);
  });

  it('refuses unknown fields and names them, also those of the table', async () => {
    const bad: unknown[] = [];
    for (const operation of withBody().filter((one) => fields(one).length)) {
      for (const field of ['tenantId', 'passwordHash', 'createdAt', 'isAdmin']) {
        if (fields(operation).some(([name]) => name === field)) continue;
        const { status, body } = await send(operation, { [field]: 'x' });
        const names = (body.errors ?? []).map(({ pointer }: { pointer: string }) => pointer);
        if (status !== 400 || !names.includes(`/${field}`)) bad.push({ route: operation.id, field, status, body });
      }
    }
    expect(bad).toEqual([]);
  });

  it('answers what is no JSON, no object, or of another type with a problem', async () => {
    for (const operation of withBody().slice(0, 40)) {
      const path = pathOf(operation.path);
      const headers = { authorization: `Bearer ${admin.token}` };
      const raw = (type: string, body: string) =>
        nexus.request(operation.method, path, { headers, raw: { type, body } });
      const statuses = {
        malformed: (await raw('application/json', '{"a":')).status,
        array: (await raw('application/json', '[]')).status,
        text: (await raw('application/json', '"x"')).status,
        xml: (await raw('application/xml', '<a/>')).status,
        proto: (await raw('application/json', '{"__proto__":{"x":1}}')).status,
        constructed: (await raw('application/json', '{"constructor":{"prototype":{"x":1}}}')).status,
        huge: (await raw('application/json', JSON.stringify({ a: 'x'.repeat(1024 * 1024 + 10) }))).status,
        deep: (await raw('application/json', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)).status,
      };
      expect({ route: operation.id, ...statuses }).toEqual({
        route: operation.id,
        malformed: 400,
        array: 400,
        text: 400,
        xml: 415,
        proto: 400,
        constructed: 400,
        huge: 413,
        deep: 400,
      });
    }
  });

  it('refuses what no list knows, all at once and by name', async () => {
    const lists = operations.filter(
      ({ id, method, path }) => method === 'GET' && !path.includes('{') && listIds.has(id),
    );
    expect(lists.length).toBeGreaterThan(8);
    for (const { id, path } of lists) {
      const { status, body } = await admin.get(
        `${path}?limit=1000000000&page=-1&sort=nonsense&a[__proto__][x]=1&colour=red`,
      );
      const pointers = (body.errors ?? []).map(({ pointer }: { pointer: string }) => pointer);
      expect({ id, status }).toEqual({ id, status: 400 });
      expect(pointers).toEqual(expect.arrayContaining(['query/limit', 'query/page', 'query/sort', 'query/colour']));
    }
  });

  it('refuses a query key where there is no query to speak of', async () => {
    const others = operations.filter(
      ({ id, method, path, permission }) => method === 'GET' && permission && !path.includes('{') && !listIds.has(id),
    );
    for (const { id, path } of others) {
      const { status, body } = await admin.get(`${path}?colour=red`);
      expect({ id, status, pointer: body.errors?.[0]?.pointer }).toEqual({ id, status: 400, pointer: 'query/colour' });
    }
  });

  it('takes ids only as ids', async () => {
    for (const operation of operations.filter(({ path }) => path.includes('{id}'))) {
      for (const id of ['1', "1' or '1'='1", '..%2f..%2fetc', '%00']) {
        const answer = await send(
          operation,
          ['POST', 'PUT', 'PATCH'].includes(operation.method) ? {} : undefined,
          operation.path.replace(/\{[^}]+\}/g, encodeURI(id)),
        );
        expect({
          route: operation.id,
          id,
          status: answer.status,
          isClean: clean(answer) && answer.status >= 400,
        }).toMatchObject({ isClean: true });
      }
    }
  });

  it('keeps what stale writers say out', async () => {
    const created = await admin.post('customers', {
      firstName: 'Stale',
      lastName: 'Writer',
      email: 'stale@writer.example',
    });
    const path = `customers/${created.body.id}`;
    const writers = Array.from({ length: 50 }, (_, index) =>
      admin.patch(path, { company: `by ${index}` }, { headers: { 'if-match': created.headers.get('etag') as string } }),
    );
    const statuses = (await Promise.all(writers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(49);
  });

  it('runs one of 50 parallel requests with one Idempotency-Key, and replays its answer', async () => {
    const body = { firstName: 'Only', lastName: 'Once', email: 'only@once.example' };
    const headers = { 'idempotency-key': 'only-once' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => admin.post('customers', body, { headers })));
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const ids = new Set(answers.filter(({ status }) => status === 201).map((answer) => answer.body.id));
    expect(ids.size).toBe(1);
    const again = await admin.post('customers', body, { headers });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(ids.has(again.body.id)).toBe(true);
    expect(await admin.post('customers', { ...body, lastName: 'Twice' }, { headers })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('has the headers of an API', async () => {
    const { headers } = await admin.get('customers?limit=1');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('content-security-policy')).toBeTruthy();
    const unknown = await nexus.request('GET', '/api/v1/nothing');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
    expect(unknown.headers.get('content-type')).toContain('application/problem+json');
  });
});
