import { ensureTenant, type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, fillWithRows, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { customersContexts } from '../testing.js';
import { USUAL_RULES } from './duplicate-rules.entity.js';
import { DuplicateScans } from './duplicate-scans.service.js';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Pair = {
  id: string;
  customer: { id: string };
  other: { id: string };
  score: number;
  reasons: { reason: string }[];
};

const GRANTS = [
  ...['customers:create', 'customers:read_all', 'customers:update_all', 'customers:delete_all', 'customers:restore'],
  'customers:merge',
];
const OKAFOR = { firstName: 'Mira', lastName: 'Okafor', company: 'Okafor Logistics' };

describe('Customers who are probably one person', () => {
  let slice: Slice;
  let worker: Slice;
  let [boss, clerk, foreigner]: SignedIn[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    const beside = { database: slice.database, config: slice.config };
    worker = await bootSlice({ contexts: customersContexts, app: 'worker', beside });
    boss = await signIn(slice, { grants: GRANTS });
    clerk = await signIn(slice, { grants: ['customers:create', 'customers:read_own', 'customers:merge'] });
    await ensureTenant(slice, OTHER_TENANT);
    foreigner = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
  });
  beforeEach(async () => {
    await setRules(USUAL_RULES.leastScore, USUAL_RULES.onCreate); // which are known for a second, whatever the table says
    await slice.empty('customers', 'customer_duplicate_scans', 'customer_duplicate_rules');
  });
  afterAll(async () => {
    await worker.close();
    await slice.close();
  });

  const call = (method: Method, path: string, body?: unknown, who = boss, headers: Record<string, string> = {}) =>
    slice.http(method, `/api/v1/customers${path}`, { token: who!.token, body, headers });
  const aCustomer = async (over: object, who = boss): Promise<string> => {
    const made = await call('POST', '', { ...OKAFOR, ...over }, who);
    expect(made.status).toBe(201);
    return made.body.id;
  };
  const scan = async (who = boss): Promise<{ id: string; scanned: number; found: number }> => {
    const begun = await call('POST', '/duplicates/scan', undefined, who);
    expect(begun.status).toBe(202);
    await worker.settled();
    const { status, body } = await slice.http('GET', String(begun.headers.location), { token: who!.token });
    expect({ status, state: body.state }).toEqual({ status: 200, state: 'done' });
    return body;
  };
  const pairs = async (query = '', who = boss): Promise<Pair[]> =>
    (await call('GET', `/duplicates?${query}`, undefined, who)).body.data;
  const setRules = (leastScore: number, onCreate: string, headers: Record<string, string> = {}) =>
    call('PUT', '/duplicates/rules', { leastScore, onCreate }, boss, headers);
  const reasonsOf = ([pair]: Pair[]): string[] | undefined => pair?.reasons.map(({ reason }) => reason).sort();

  it.each<[string, object, object, string[]]>([
    [
      'a label behind the address',
      { firstName: 'M', company: null, email: 'mira@okafor.example' },
      { firstName: 'Q', lastName: 'X', company: null, email: 'mira+shop@okafor.example' },
      ['same_email'],
    ],
    [
      'the dots of Gmail',
      { firstName: 'M', company: null, email: 'mira.okafor@gmail.com' },
      { firstName: 'Q', lastName: 'X', company: null, email: 'miraokafor@googlemail.com' },
      ['same_email'],
    ],
    [
      'the number and the name',
      { company: null, phone: '+4930123456' },
      { company: null, phone: '+4930123456', lastName: 'Okafor-Berg' },
      ['same_phone', 'similar_name'],
    ],
    ['name and company', {}, { company: 'Okafor Logistics GmbH' }, ['similar_company', 'similar_name']],
    ['the name in another order', {}, { firstName: 'OKAFOR', lastName: 'Míra' }, ['similar_company', 'similar_name']],
  ])('are found by %s', async (_, one, other, reasons) => {
    const ids = [await aCustomer(one), await aCustomer(other)].sort();
    expect(await scan()).toMatchObject({ scanned: 2, found: 1 });
    const found = await pairs();
    expect(found.map(({ customer, other: second }) => [customer.id, second.id])).toEqual([ids]);
    expect(reasonsOf(found)).toEqual(reasons);
    expect(found[0]!.score).toBeGreaterThanOrEqual(60);
    expect((await call('GET', `/duplicates/${found[0]!.id}`)).body).toEqual(found[0]);
  });

  it.each<[string, object, object]>([
    [
      'colleagues at one desk',
      { phone: '+4930123456' },
      { firstName: 'Carl', lastName: 'Stone', phone: '+4930123456' },
    ],
    ['namesakes elsewhere', {}, { company: 'Blue Mill' }],
    ['namesakes of no company', { company: null }, { company: null }],
    [
      'the same box at two domains',
      { email: 'info@a.example', company: null },
      { email: 'info@b.example', company: null },
    ],
    ['labels alone', { email: '+a@a.example', company: null, lastName: 'X' }, { email: '+b@a.example', company: null }],
  ])('are not %s', async (_, one, other) => {
    await aCustomer(one);
    await aCustomer(other);
    expect(await scan()).toMatchObject({ scanned: 2, found: 0 });
    expect(await pairs()).toEqual([]);
  });

  it('are not all who share a switchboard', async () => {
    for (let n = 0; n < 51; n++)
      await aCustomer({ firstName: 'Mira', lastName: 'Okafor', company: null, phone: '+4930123456' });
    expect((await scan()).found).toBe(0);
  });

  it('are a pair no more when they are told apart, and stay dismissed when somebody said so', async () => {
    const [one, other, third] = [await aCustomer({}), await aCustomer({}), await aCustomer({ lastName: 'Okafors' })];
    await scan();
    const found = await pairs();
    expect(found).toHaveLength(3);
    const same = found.find(({ customer, other: second }) => ![customer.id, second.id].includes(third))!;
    expect(await call('POST', `/duplicates/${same.id}/dismiss`)).toMatchObject({
      status: 200,
      body: { status: 'dismissed' },
    });
    expect((await call('POST', `/duplicates/${same.id}/dismiss`)).status).toBe(200);
    await slice.http('PUT', `/api/v1/customers/${third}`, { token: boss!.token, body: { firstName: 'Carl' } });
    await scan();
    expect(await pairs('status=open')).toEqual([]);
    expect((await pairs('status=dismissed')).map(({ customer, other: second }) => [customer.id, second.id])).toEqual([
      [one, other].sort(),
    ]);
    const audited = await slice.superuser.query(
      `select actor_id from audit_log where entity = 'customer_duplicates' and entity_id = $1 and action = 'updated'`,
      [same.id],
    );
    expect(audited.rows).toEqual([{ actor_id: boss!.userId }]);
  });

  it('are shown to whom may see both, and of one tenant', async () => {
    const mine = await aCustomer({}, clerk);
    const theirs = await aCustomer({});
    await aCustomer({}, foreigner);
    await scan();
    const [pair] = await pairs();
    expect([pair!.customer.id, pair!.other.id].sort()).toEqual([mine, theirs].sort());
    expect(await pairs('', clerk)).toEqual([]);
    expect((await call('GET', `/duplicates/${pair!.id}`, undefined, clerk)).status).toBe(404);
    expect((await call('POST', `/duplicates/${pair!.id}/dismiss`, undefined, clerk)).status).toBe(404);
    expect(await pairs('', foreigner)).toEqual([]);
    expect((await call('POST', `/duplicates/${pair!.id}/dismiss`, undefined, foreigner)).status).toBe(404);
    await aCustomer({}, clerk);
    await scan();
    expect(await pairs('', clerk)).toHaveLength(1);
    const { id } = await scan();
    expect((await call('GET', `/duplicates/scans/${id}`, undefined, foreigner)).status).toBe(404);
    await call('DELETE', `/${mine}`);
    expect(await pairs()).toHaveLength(1);
  });

  it('are looked for once at a time, however many ask', async () => {
    await aCustomer({});
    const asked = await Promise.all(Array.from({ length: 6 }, () => call('POST', '/duplicates/scan')));
    expect(asked.map(({ status }) => status)).toEqual(Array<number>(6).fill(202));
    const running = await slice.superuser.query<{ n: number }>(
      `select count(*)::int as n from customer_duplicate_scans where state = 'running'`,
    );
    expect(running.rows[0]!.n).toBeLessThanOrEqual(1);
    await worker.settled();
  });

  describe('by the rules of the tenant', () => {
    it('are allowed until somebody says otherwise', async () => {
      expect((await call('GET', '/duplicates/rules')).body).toEqual({ leastScore: 60, onCreate: 'allow', version: 0 });
      expect((await setRules(90, 'note')).body).toEqual({ leastScore: 90, onCreate: 'note', version: 1 });
      expect((await setRules(80, 'note', { 'if-match': '"7"' })).status).toBe(412);
      expect((await setRules(40, 'note')).body.errors).toMatchObject([{ pointer: '/leastScore' }]);
      expect((await call('GET', '/duplicates/rules', undefined, foreigner)).body.version).toBe(0);
    });

    it('are noted when they come in', async () => {
      await setRules(60, 'note');
      const ids = [await aCustomer({}), await aCustomer({})].sort();
      expect((await pairs()).map(({ customer, other }) => [customer.id, other.id])).toEqual([ids]);
      const told = await slice.superuser.query(
        `select payload from outbox where type = 'customers.duplicate-noted' and payload->>'customerId' = $1`,
        [ids[0]],
      );
      expect(told.rows).toEqual([{ payload: { customerId: ids[0], otherId: ids[1], score: 80 } }]);
    });

    it('hold from the moment of the answer', async () => {
      await aCustomer({});
      await aCustomer({});
      await setRules(60, 'refuse');
      expect((await call('POST', '', OKAFOR)).status).toBe(409);
      await setRules(60, 'allow');
      expect((await call('POST', '', OKAFOR)).status).toBe(201);
    });

    it('are refused, and named to whom may read them', async () => {
      const known = await aCustomer({});
      await setRules(60, 'refuse');
      const refused = await call('POST', '', OKAFOR);
      expect(refused).toMatchObject({
        status: 409,
        body: { code: 'likely_duplicate', duplicates: [{ customerId: known, score: 80 }] },
      });
      const blind = await call('POST', '', OKAFOR, clerk);
      expect(blind).toMatchObject({ status: 409, body: { code: 'likely_duplicate', duplicates: [] } });
      expect((await call('POST', '', { firstName: 'Carl' })).status).toBe(201);
      const operations = [
        { op: 'create', data: OKAFOR },
        { op: 'create', data: { firstName: 'Ida' } },
      ];
      const bulk = await call('POST', '/bulk', { operations }, boss, { 'idempotency-key': newId() });
      expect(bulk.body.data.map(({ status }: { status: number }) => status)).toEqual([409, 201]);
      const { rows } = await slice.superuser.query('select first_name from customers order by first_name');
      expect(rows.map(({ first_name }) => first_name)).toEqual(['Carl', 'Ida', 'Mira']);
    });

    it('count from the score that they say', async () => {
      await aCustomer({});
      await aCustomer({});
      await setRules(90, 'allow');
      expect((await scan()).found).toBe(0);
      await setRules(80, 'allow');
      expect((await scan()).found).toBe(1);
    });
  });

  it.each<[Method, string, unknown]>([
    ['GET', '', undefined],
    ['GET', '/rules', undefined],
    ['PUT', '/rules', { leastScore: 60, onCreate: 'note' }],
    ['POST', '/scan', undefined],
    ['GET', '/scans/:id', undefined],
    ['GET', '/:id', undefined],
    ['POST', '/:id/dismiss', undefined],
  ])('want for %s %s the permission', async (method, path, body) => {
    const without = await signIn(slice, { grants: GRANTS.filter((grant) => grant !== 'customers:merge') });
    const refused = await call(method, `/duplicates${path.replace(':id', newId())}`, body, without);
    expect(refused).toMatchObject({ status: 403, body: { permission: 'customers:merge' } });
  });

  it('are found among 20,000 by what they share, step by step, and listed by an index', async () => {
    const ROWS = 20_000;
    await slice.superuser.query('alter table customers disable trigger audit');
    await fillWithRows(slice.superuser, ['customers', 'customer_contact_points'], ROWS, (first, last) =>
      slice.superuser.query(
        `insert into customers (tenant_id, id, first_name, last_name, company, contact_points, status, source, created_by)
         select $1, gen_random_uuid(), initcap(substr(md5((n % 499)::text), 1, 6)), initcap(substr(md5((n % 503)::text || 'x'), 1, 8)),
           'Works ' || substr(md5((n % 1000)::text), 1, 10),
           jsonb_build_array(
             jsonb_build_object('kind', 'email', 'normalized', 'person' || n || '@many.example', 'isPrimary', true),
             jsonb_build_object('kind', 'phone', 'normalized', '+4930' || (1000000 + n / 2), 'isPrimary', true)),
           'lead', 'import', $1 from generate_series($2::int, $3::int) n`,
        [TENANT, first, last],
      ),
    );
    await slice.superuser.query('alter table customers enable trigger audit');
    const one = await aCustomer({ email: 'person77+news@many.example', company: null });
    const begun = await slice.as(boss!.actor, () => slice.get(DuplicateScans).start());
    await worker.settled(120_000);
    const { rows } = await slice.superuser.query(
      'select state, scanned, found from customer_duplicate_scans where id = $1',
      [begun.id],
    );
    expect(rows[0]).toMatchObject({ state: 'done', scanned: ROWS + 1 });
    expect(rows[0].found).toBeGreaterThan(0);
    expect(
      (await pairs(`limit=100&score=60`)).some(({ customer, other }) => [customer.id, other.id].includes(one)),
    ).toBe(true);
    const explained = await slice.as(boss!.actor, () =>
      slice.db.query(
        'explain select d.id from customer_duplicates d where d.tenant_id = $1 and d.status = $2 order by d.score desc, d.id desc limit 21',
        [TENANT, 'open'],
      ),
    );
    expect(JSON.stringify(explained)).toMatch(/customer_duplicates_by_score/);
  }, 180_000);
});
