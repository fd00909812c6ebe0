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
// Whose example would end the session, or take the rights away, of whoever sends it.
const OF_ONESELF = /^(sessions|passwords|users|roles|teams)/;
// Attributes that it does not know it passes over, and `active` comes as a word from some directories (RFC 7643, 7644): it has
// specs of its own, and its own form of refusals.
const OF_SCIM = /^scim(Users|Groups|Discovery)/;
// What the database refuses for its own reasons, a validated request never reaches.
const OF_THE_DATABASE = ['rule_broken', 'reference_not_found'];

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
  // PostgreSQL could not store it: it must not get that far
  const isUnstorable = (name: string): boolean => ['a NUL', 'half a surrogate pair'].includes(name);
  const fields = (operation: Operation): [string, Schema][] =>
    Object.entries(schemaOf(document, operation.body)?.properties ?? {});
  const withBody = (): Operation[] => operations.filter(({ body, method }) => body && method !== 'GET');

  /** One field a time, unless the others are missed before it is looked at: then all of them in one request. */
  const bodiesWith = (operation: Operation, value: unknown): Record<string, unknown>[] => {
    const bodies = fields(operation).map(([field]) => ({ [field]: value }));
    const isWhole = !schemaOf(document, operation.body)?.required?.length;
    return isWhole ? bodies : [Object.assign({}, ...bodies)];
  };

  it('gives every string field every hostile value, and gets no 5xx', async () => {
    const bad: unknown[] = [];
    for (const operation of withBody()) {
      await Promise.all(
        Object.entries(HOSTILE).flatMap(([name, value]) =>
          bodiesWith(operation, value).map(async (given) => {
            const answer = await send(operation, given);
            if (!(isUnstorable(name) ? answer.status === 400 : clean(answer)))
              bad.push({ route: operation.id, fields: Object.keys(given), name, status: answer.status });
          }),
        ),
      );
    }
    expect(bad).toEqual([]);
  });

  it('names the field that is of another type in a request that is else in order', async () => {
    const bad: unknown[] = [];
    for (const operation of withBody().filter(({ id, example }) => example && !OF_ONESELF.test(id))) {
      for (const [field] of fields(operation)) {
        for (const value of [null, [[]], 1e308]) {
          const answer = await send(operation, { ...operation.example, [field]: value });
          if (!clean(answer) || OF_THE_DATABASE.includes(answer.body?.code))
            bad.push({ route: operation.id, field, value, status: answer.status, body: answer.body });
        }
      }
    }
    expect(bad).toEqual([]);
    expect((await admin.get('users')).status).toBe(200); // as somebody who still may
  });

  it('refuses unknown fields and names them, also every column there is and those inside of others', async () => {
    const { rows } = await nexus.superuser.query<{ name: string }>(
      "select distinct column_name as name from information_schema.columns where table_schema = 'public' order by 1",
    );
    const columns = rows.map(({ name }) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()));
    expect(columns.length).toBeGreaterThan(200);
    const bad: unknown[] = [];
    const refuses = async (operation: Operation, body: object, at: string, names: string[]): Promise<void> => {
      const { status, body: problem } = await send(operation, body);
      const pointers = (problem.errors ?? []).map(({ pointer }: { pointer: string }) => pointer);
      const missed = names.filter((name) => !pointers.includes(`${at}/${name}`));
      if (status !== 400 || missed.length) bad.push({ route: operation.id, at, status, missed });
    };
    for (const operation of withBody().filter((one) => fields(one).length && !OF_SCIM.test(one.id))) {
      const known = new Set(fields(operation).map(([name]) => name));
      const unknown = [...columns, 'isAdmin', 'role', 'points'].filter((name) => !known.has(name));
      for (let at = 0; at < unknown.length; at += 60) {
        const names = unknown.slice(at, at + 60);
        await refuses(operation, Object.fromEntries(names.map((name) => [name, 'x'])), '', names);
      }
      for (const [field, schema] of fields(operation)) {
        const isList = schema.type === 'array';
        const inner = schemaOf(document, isList ? schema.items : schema);
        if (!inner?.properties || inner.additionalProperties) continue;
        const given = { tenantId: 'x', isAdmin: true };
        await refuses(operation, { [field]: isList ? [given] : given }, `/${field}${isList ? '/0' : ''}`, [
          'tenantId',
          'isAdmin',
        ]);
      }
    }
    expect(bad).toEqual([]);
  });

  it('converts nothing: a number in quotes is no number, and a word is no boolean', async () => {
    const bad: unknown[] = [];
    let tried = 0;
    for (const operation of withBody().filter(({ id }) => !OF_SCIM.test(id))) {
      for (const [field, { type }] of fields(operation)) {
        const wrong = { boolean: ['true', 'false', 1, 0], number: ['1', true, ''], integer: ['1', true, '', 1.5] }[
          type ?? ''
        ];
        for (const value of wrong ?? []) {
          tried++;
          const { status, body } = await send(operation, { [field]: value });
          const pointers = (body.errors ?? []).map(({ pointer }: { pointer: string }) => pointer);
          if (status !== 400 || !pointers.includes(`/${field}`))
            bad.push({ route: operation.id, field, value, status });
        }
      }
    }
    expect(tried).toBeGreaterThan(80);
    expect(bad).toEqual([]);
  });

  it('gives every query parameter hostile values, and gets no 5xx', async () => {
    const hostile = [
      '%00',
      '%ed%a0%80',
      "'%20or%201%3D1--",
      '%25',
      'x'.repeat(4000),
      '-1',
      '9e99',
      '%7B%22a%22%3A1%7D',
    ];
    const bad: unknown[] = [];
    let tried = 0;
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      for (const name of operation.parameters.filter((one) => one && !operation.path.includes(`{${one}}`))) {
        tried++;
        const value = hostile[tried % hostile.length];
        const strange = name.includes('[') ? [] : [`${name}=a&${name}=b`, `${name}[__proto__]=1`];
        for (const query of [`${name}=${value}`, ...strange]) {
          const path = `${pathOf(operation.path)}?${query.replaceAll('[', '%5B').replaceAll(']', '%5D')}`;
          const answer = await send(operation, undefined, path);
          const isRefused = query.startsWith(`${name}=${value}`) || (answer.status >= 400 && answer.status < 500);
          if (!clean(answer) || !isRefused)
            bad.push({ route: operation.id, query: query.slice(0, 80), status: answer.status });
        }
      }
    }
    expect(tried).toBeGreaterThan(300);
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
        plain: (await raw('text/plain', '{}')).status,
        form: (await raw('application/x-www-form-urlencoded', 'a=1')).status,
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
        plain: 415,
        form: 415,
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
      ({ id, method, path, permission }) =>
        method === 'GET' && permission && !path.includes('{') && !listIds.has(id) && !OF_SCIM.test(id),
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
