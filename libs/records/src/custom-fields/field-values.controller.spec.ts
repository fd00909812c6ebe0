import { type SignedIn, signIn } from '@app/auth/testing';
import { dealsContexts } from '@app/deals/testing';
import { newId } from '@app/kernel';
import { statementsSent } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const GRANTS = [
  ...['custom-fields:read', 'custom-fields:manage', 'customers:create', 'customers:read_all', 'customers:update_all'],
  ...['customers:merge', 'deals:create', 'deals:read_all', 'deals:update_all', 'pipelines:manage', 'pipelines:read'],
];
const OPTIONS = [
  { key: 'north', label: 'North' },
  { key: 'south', label: 'South' },
  { key: 'east', label: 'East' },
];
const FIELDS = {
  number: { type: 'text', max: 12 },
  score: { type: 'number', min: -10, max: 1e9 },
  budget: { type: 'money', currency: 'KWD' },
  since: { type: 'date', earliest: '2000-01-01' },
  isVip: { type: 'boolean' },
  region: { type: 'select', options: OPTIONS },
  regions: { type: 'multi_select', options: OPTIONS, max: 2 },
  partner: { type: 'relation', targetKind: 'customers' },
} as const;

describe('The values of custom fields', () => {
  let slice: Slice;
  let ada: SignedIn;
  let [first, second, none]: string[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts });
    ada = await signIn(slice, { grants: GRANTS });
    for (const [key, terms] of Object.entries(FIELDS))
      expect(await call('POST', 'custom-fields', { recordKind: 'customers', key, label: key, ...terms })).toMatchObject(
        { status: 201 },
      );
    await call('POST', 'custom-fields', { recordKind: 'deals', key: 'renewal', label: 'Renewal', type: 'date' });
    none = (await create(undefined)).body.id;
    first = (
      await create({
        number: ' C-1 ',
        score: 0.1,
        budget: { amount: 1234, currency: 'KWD' },
        since: '2020-02-29',
        isVip: true,
        region: 'north',
        regions: ['north', 'south', 'north'],
        partner: none!.toUpperCase(),
      })
    ).body.id;
    second = (
      await create({
        number: 'c-2',
        score: 7,
        budget: { amount: -5, currency: 'KWD' },
        since: '2026-01-01',
        isVip: false,
        region: 'south',
        regions: [],
      })
    ).body.id;
  });
  afterAll(() => slice?.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, { token } = ada) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const create = (customFields: unknown) => call('POST', 'customers', { firstName: 'Mira', customFields });
  const patch = (customFields: unknown, id = first) => call('PATCH', `customers/${id}`, { customFields });
  const idsIn = async (query: string): Promise<string[]> => {
    const { body } = await call('GET', `customers?${query}`);
    expect(body.errors).toBeUndefined();
    return body.data.map(({ id }: { id: string }) => id);
  };

  it('are stored in one form, and come back in it', async () => {
    expect((await call('GET', `customers/${first}`)).body.customFields).toEqual({
      ...{ number: 'C-1', score: 0.1, budget: { amount: 1234, currency: 'KWD' }, since: '2020-02-29', isVip: true },
      ...{ region: 'north', regions: ['north', 'south'], partner: none },
    });
    expect((await call('GET', `customers/${none}`)).body.customFields).toEqual({});
  });

  it.each<[string, object, string]>([
    ['a key that is no field', { colour: 'red' }, 'unknown_field'],
    ['a key that every object has', { hasOwnProperty: 'x' }, 'unknown_field'],
    ['a text that is too long', { number: 'x'.repeat(13) }, 'out_of_range'],
    ['an empty text', { number: '  ' }, 'out_of_range'],
    ['a number as text', { score: '7' }, 'invalid_value'],
    ['a number beyond its bounds', { score: -11 }, 'out_of_range'],
    ['a number with more digits than double precision holds', { score: 0.1234567890123456 }, 'not_exact'],
    ['an amount that is no minor unit', { budget: { amount: 12.34, currency: 'KWD' } }, 'wrong_exponent'],
    ['an amount as text', { budget: { amount: '12', currency: 'KWD' } }, 'wrong_exponent'],
    ['money in another currency', { budget: { amount: 12, currency: 'EUR' } }, 'wrong_currency'],
    ['money in no currency', { budget: { amount: 12, currency: 'XXX' } }, 'invalid_value'],
    ['money with an exponent of its own', { budget: { amount: 12, currency: 'KWD', exponent: 2 } }, 'invalid_value'],
    ['a day that is none', { since: '2026-02-30' }, 'invalid_value'],
    ['a day too early', { since: '1999-12-31' }, 'out_of_range'],
    ['a word for a truth', { isVip: 'true' }, 'invalid_value'],
    ['an option that is none', { region: 'west' }, 'unknown_option'],
    ['too many options', { regions: ['north', 'south', 'east'] }, 'out_of_range'],
    ['a relation to nobody', { partner: newId() }, 'record_not_found'],
    ['a relation that is no id', { partner: 'x' }, 'invalid_value'],
  ])('are refused by name: %s', async (_, values, code) => {
    const pointer = `/customFields/${Object.keys(values)[0]}`;
    for (const answer of [await patch(values), await create(values)])
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'invalid_custom_fields', errors: [{ pointer, code }] },
      });
  });

  it.each([
    '{"__proto__": {"isAdmin": true}}',
    '{"score": 1e400}',
    '{"score": 123456789012345678901}',
    '[1]',
    '"x"',
    'null',
  ])('are refused as they came: %s', async (text) => {
    const answer = await slice.app.inject({
      method: 'PATCH',
      url: `/api/v1/customers/${first}`,
      headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
      payload: `{"customFields": ${text}}`,
    });
    expect(answer.statusCode).toBe(400);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('lead to no record of another tenant', async () => {
    const foreigner = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
    const theirs = (await call('POST', 'customers', { firstName: 'T' }, foreigner)).body.id;
    expect((await patch({ partner: theirs })).body.errors).toMatchObject([{ code: 'record_not_found' }]);
  });

  it('are merged by PATCH and replaced by PUT, which keeps them where it names none', async () => {
    const { id } = (await create({ number: 'C-9', score: 1 })).body;
    expect((await patch({ score: null, isVip: true }, id)).body).toMatchObject({
      customFields: { number: 'C-9', isVip: true },
      version: 2,
    });
    expect((await patch({ isVip: true }, id)).body).toMatchObject({ version: 2 });
    const put = (body: object) => call('PUT', `customers/${id}`, { firstName: 'Mira', ...body });
    expect((await put({ lastName: 'O' })).body.customFields).toEqual({ number: 'C-9', isVip: true });
    expect((await put({ customFields: { score: 3 } })).body.customFields).toEqual({ score: 3 });
    const history = (await call('GET', `customers/${id}/history`)).body.data;
    expect(history[0]).toMatchObject({
      before: { customFields: { isVip: true } },
      after: { customFields: { score: 3 } },
    });
  });

  it('of a record that two merge into are those of both', async () => {
    const [one, other] = [
      (await create({ number: 'C-1', score: 1 })).body.id,
      (await create({ number: 'C-2', isVip: true })).body.id,
    ];
    expect((await call('POST', 'customers/merge', { survivorId: one, loserId: other })).status).toBeLessThan(300);
    expect((await call('GET', `customers/${one}`)).body.customFields).toEqual({ number: 'C-1', score: 1, isVip: true });
  });

  it.each<[string, () => (string | undefined)[]]>([
    ['cf.number=C-1', () => [first]],
    ['cf.number[starts]=C-', () => [first, second]],
    ['cf.number[null]=false&cf.number[ne]=C-1', () => [second]],
    ['cf.score[gte]=0.1&cf.score[lt]=7', () => [first]],
    ['cf.score=7,8', () => [second]],
    ['cf.budget.amount[lt]=0', () => [second]],
    ['cf.budget.currency=KWD', () => [first, second]],
    ['cf.since[gt]=2025-12-31', () => [second]],
    ['cf.since[lt]=last:1y', () => [first]],
    ['cf.isVip=true', () => [first]],
    ['cf.region=north,east', () => [first]],
    ['cf.regions=south', () => [first]],
    ['cf.regions[ne]=south', () => [second, none]],
    ['cf.regions[null]=true', () => [second, none]],
    ['cf.partner[null]=true', () => [second, none]],
  ])('are what lists filter by: %s', async (query, wanted) => {
    const found = await idsIn(`id=${first},${second},${none}&${query}`);
    expect(found.sort()).toEqual(wanted().sort());
  });

  it('are what lists sort by, page by page, and what searches look into', async () => {
    const among = `id=${first},${second},${none}`;
    for (const [sort, wanted] of [
      ['cf.score', [first, second, none]],
      ['-cf.since', [none, second, first]],
      ['cf.isVip', [second, first, none]],
    ] as const) {
      const walked: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body }: { body: { data: { id: string }[]; meta: { nextCursor: string | null } } } = await call(
          'GET',
          `customers?${among}&sort=${sort}&limit=1&cursor=${cursor}`,
        );
        walked.push(...body.data.map(({ id }) => id));
        cursor = body.meta.nextCursor;
      }
      expect([sort, walked]).toEqual([sort, wanted]);
    }
    const where = {
      all: [
        { field: 'id', op: 'in', value: [first, second, none] },
        { not: { field: 'cf.isVip', op: 'eq', value: true } },
      ],
    };
    const { body } = await call('POST', 'customers/search', {
      where,
      sort: '-cf.score',
      fields: ['cf.score', 'cf.budget'],
    });
    expect(body.data).toEqual([
      { id: none, customFields: {} },
      { id: second, customFields: { score: 7, budget: { amount: -5, currency: 'KWD' } } },
    ]);
    expect(
      (await call('GET', `customers?${among}&fields=lastName,customFields&cf.number=C-1`)).body.data[0].customFields,
    ).toMatchObject({ score: 0.1 });
  });

  it.each([
    'cf.colour=x',
    'cf.constructor=x',
    'cf.number[between]=x',
    'sort=cf.regions',
    'sort=cf.colour',
    'cf.budget=5',
    'fields=cf.colour',
  ])('are asked for by nobody who does not know them: %s', async (query) => {
    expect(await call('GET', `customers?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_query' } });
  });

  it('stand on deals as well', async () => {
    const { body } = await call('POST', 'deals', { name: 'Yearly', customFields: { renewal: '2027-06-30' } });
    expect(body).toMatchObject({ customFields: { renewal: '2027-06-30' } });
    expect((await call('GET', 'deals?cf.renewal[lte]=2027-12-31')).body.data).toMatchObject([{ id: body.id }]);
    expect((await call('PATCH', `deals/${body.id}`, { customFields: { renewal: null } })).body.customFields).toEqual(
      {},
    );
    expect((await call('PATCH', `deals/${body.id}`, { customFields: { number: 'C' } })).body.errors).toMatchObject([
      { pointer: '/customFields/number' },
    ]);
  });

  it('must be there where they are required, once some are written', async () => {
    const { body } = await call('POST', 'custom-fields', {
      recordKind: 'deals',
      key: 'ref',
      label: 'Ref',
      type: 'text',
      isRequired: true,
    });
    const missing = [{ pointer: '/customFields/ref', code: 'required' }];
    expect((await call('POST', 'deals', { name: 'Yearly', customFields: {} })).body.errors).toMatchObject(missing);
    const deal = (await call('POST', 'deals', { name: 'Yearly', customFields: { ref: 'R' } })).body;
    expect((await call('PATCH', `deals/${deal.id}`, { customFields: { ref: null } })).body.errors).toMatchObject(
      missing,
    );
    expect((await call('PATCH', `deals/${deal.id}`, { name: 'Other' })).status).toBe(200);
    await call('DELETE', `custom-fields/${body.id}`);
  });

  it('cost no statement where none are named, and one where some are written or asked for', async () => {
    const cost = async (method: Method, path: string, body?: unknown): Promise<number> => {
      const before = statementsSent();
      expect((await call(method, path, body)).status).toBeLessThan(300);
      return statementsSent() - before;
    };
    await cost('GET', `customers/${first}`); // whoever asks is known by now
    const read = await cost('GET', `customers/${none}`);
    expect(await cost('GET', `customers/${first}`)).toBe(read);
    const list = await cost('GET', 'customers?count=none');
    expect(await cost('GET', 'customers?count=none&fields=customFields')).toBe(list);
    expect(await cost('GET', 'customers?count=none&cf.number=C-1&sort=cf.score')).toBe(list + 1);
    const write = await cost('PATCH', `customers/${none}`, { lastName: newId() });
    expect(write).toBe(2);
    // one for the fields; the others begin and end the transaction that holds them, and its savepoint
    expect(await cost('PATCH', `customers/${none}`, { lastName: newId(), customFields: { score: 3 } })).toBe(
      write + 1 + 4,
    );
  });
});
