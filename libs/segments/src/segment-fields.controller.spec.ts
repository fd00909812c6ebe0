import { type SignedIn, signIn } from '@app/auth/testing';
import { dealsContexts } from '@app/deals/testing';
import { newId } from '@app/kernel';
import { statementsSent } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentsContext } from './index.js';

const GRANTS = [
  ...['segments:read', 'segments:manage', 'customers:read_all', 'customers:create', 'customers:update_all'],
  ...['custom-fields:read', 'custom-fields:manage', 'pipelines:read', 'deals:create', 'deals:update_all'],
];
const SEEING = ['deals:read_all', 'custom-fields:read-personal'];
const OPTIONS = [
  { key: 'north', label: 'North' },
  { key: 'south', label: 'South' },
];
const FIELDS = {
  contract: { type: 'text' },
  score: { type: 'number' },
  budget: { type: 'money', currency: 'EUR' },
  since: { type: 'date' },
  isVip: { type: 'boolean' },
  region: { type: 'select', options: OPTIONS },
  regions: { type: 'multi_select', options: OPTIONS },
  partner: { type: 'relation', targetKind: 'customers' },
  doubled: { type: 'formula', expression: 'cf.score * 2' },
  callAt: { type: 'instant' },
} as const;

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

describe('Segments by the fields that a company added', () => {
  let slice: Slice;
  let mira: SignedIn;
  let noah: SignedIn;
  let eve: SignedIn;
  let [north, south, none]: string[] = [];

  const call = (method: Method, path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const made = async (path: string, body: unknown, by = mira): Promise<string> => {
    const answer = await call('POST', path, body, by);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.id;
  };
  const define = (key: string, terms: object, recordKind = 'customers', by = mira): Promise<string> =>
    made('custom-fields', { recordKind, key, label: `The ${key}`, ...terms }, by);
  const aCustomer = (customFields: unknown = {}, by = mira): Promise<string> =>
    made('customers', { firstName: 'Mira', customFields }, by);
  const aDeal = (customerId: string, customFields: unknown, by = mira): Promise<string> =>
    made('deals', { name: 'Lamps', customerId, customFields }, by);
  const saved = (condition: unknown, by = mira): Promise<string> => made('segments', { name: newId(), condition }, by);
  const members = async (id: string, by = mira): Promise<string[]> => {
    const { status, body } = await call('GET', `segments/${id}/customers?limit=100`, undefined, by);
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    return body.data.map((one: { id: string }) => one.id);
  };
  const namesFor = async (by: SignedIn): Promise<string[]> =>
    (await call('GET', 'segments/fields', undefined, by)).body.data.map(({ name }: { name: string }) => name);
  const key = (): string => `k${newId().replaceAll('-', '').slice(12)}`;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...dealsContexts, segmentsContext] });
    mira = await signIn(slice, { grants: [...GRANTS, ...SEEING] });
    noah = await signIn(slice, { grants: GRANTS });
    eve = await signIn(slice, { grants: [...GRANTS, ...SEEING], tenantId: OTHER_TENANT });
    for (const [name, terms] of Object.entries(FIELDS)) await define(name, terms);
    for (const [name, terms] of Object.entries(FIELDS)) await define(name, terms, 'deals');
    none = await aCustomer();
    const values = {
      ...{ contract: 'C-1', score: 7.5, budget: { amount: 1000, currency: 'EUR' }, since: '2020-02-29', isVip: true },
      ...{ region: 'north', regions: ['north', 'south'], partner: none, callAt: '2031-03-03T10:00:00Z' },
    };
    const others = {
      ...{ contract: 'D-2', score: -1, budget: { amount: 5, currency: 'EUR' }, since: '2026-01-01', isVip: false },
      ...{ region: 'south', regions: ['south'] },
    };
    [north, south] = [await aCustomer(values), await aCustomer(others)];
    await aDeal(north, values);
    await aDeal(south, others);
    await aDeal(south, {});
  });
  afterAll(() => slice?.close());

  const CASES: [field: string, op: string, value: unknown, who: ('north' | 'south' | 'none')[]][] = [
    ['cf.contract', 'eq', 'C-1', ['north']],
    ['cf.contract', 'starts', 'd-', ['south']],
    ['cf.score', 'gt', 0, ['north']],
    ['cf.score', 'in', [-1, 3], ['south']],
    ['cf.budget.amount', 'lte', 999, ['south']],
    ['cf.budget.currency', 'eq', 'EUR', ['north', 'south']],
    ['cf.since', 'lt', '2021-01-01', ['north']],
    ['cf.since', 'gte', { last: '900y' }, ['north', 'south']],
    ['cf.isVip', 'eq', false, ['south']],
    ['cf.region', 'eq', 'north', ['north']],
    ['cf.region', 'ne', 'north', ['south', 'none']],
    ['cf.regions', 'eq', 'south', ['north', 'south']],
    ['cf.regions', 'ne', 'north', ['south', 'none']],
    ['cf.doubled', 'eq', 15, ['north']],
    ['cf.doubled', 'lt', 0, ['south']],
    ['cf.doubled', 'null', true, ['none']],
    ['cf.callAt', 'gte', '2031-03-03', ['north']],
    ['cf.callAt', 'gt', { next: '900y' }, []],
    ['cf.score', 'null', true, ['none']],
    ['cf.regions', 'null', false, ['north', 'south']],
  ];

  const named = (ids: string[]): string[] =>
    Object.entries({ north, south, none }).flatMap(([name, id]) => (ids.includes(id ?? '') ? [name] : []));

  it.each(CASES)('hold customers whose %s is %s %j', async (field, op, value, who) => {
    expect(named(await members(await saved({ field, op, value })))).toEqual(who);
  });

  it.each(CASES)('hold customers with a deal whose %s is %s %j', async (field, op, value, who) => {
    expect(named(await members(await saved({ field: `deals.${field}`, op, value })))).toEqual(who);
    const others = await members(await saved({ not: { field: `deals.${field}`, op, value } }));
    expect(named(others)).toEqual(['north', 'south', 'none'].filter((name) => !who.some((one) => one === name)));
  });

  it('follow relations, and stand beside all else', async () => {
    expect(named(await members(await saved({ field: 'cf.partner', op: 'eq', value: none })))).toEqual(['north']);
    const all = [
      ...[
        { field: 'deals.openCount', op: 'gte', value: 1 },
        { field: 'status', op: 'eq', value: 'lead' },
      ],
      ...[
        { field: 'cf.region', op: 'eq', value: 'south' },
        { field: 'deals.cf.score', op: 'lt', value: 0 },
      ],
    ];
    expect(named(await members(await saved({ all })))).toEqual(['south']);
    expect((await call('POST', 'segments/preview', { condition: { all } })).body).toMatchObject({ count: 1 });
  });

  it.each([
    ['a field that there is not', 'cf.colour', 'eq', 'red', 'field'],
    ['money as one', 'cf.budget', 'eq', 5, 'field'],
    ['a number as text', 'cf.score', 'eq', '7', 'value'],
    ['an order of text', 'cf.contract', 'gt', 'C', 'op'],
    ['an amount in fractions', 'cf.budget.amount', 'eq', 1.5, 'value'],
    ['a day that is none', 'cf.since', 'eq', '2026-02-30', 'value'],
    ['a word for a truth', 'cf.isVip', 'eq', 'true', 'value'],
    ['an option that there is not', 'cf.region', 'eq', 'west', 'value'],
    ['one of many options that there is not', 'cf.regions', 'in', ['west'], 'value/0'],
    ['a relation that is no id', 'cf.partner', 'eq', 'x', 'value'],
    ['SQL for a key', "cf.x' or 1=1--", 'eq', 'x', 'field'],
  ])('refuse %s by its place', async (_, field, op, value, at) => {
    for (const name of [field, `deals.${field}`]) {
      const refused = await call('POST', 'segments', { name: newId(), condition: { field: name, op, value } });
      expect(refused).toMatchObject({
        status: 400,
        body: { code: 'invalid_condition', errors: [{ pointer: `/condition/${at}` }] },
      });
    }
  });

  it('tell of the fields with their types and options, to whom may see them', async () => {
    const { data } = (await call('GET', 'segments/fields')).body;
    for (const name of ['cf.region', 'deals.cf.region'])
      expect(data).toContainEqual({
        ...{ name, type: 'enum', operators: ['eq', 'ne', 'in', 'nin', 'null'], nullable: true },
        ...{ values: ['north', 'south'], description: 'The region' },
      });
    const names = await namesFor(mira);
    expect(names).toEqual(expect.arrayContaining(['cf.budget.amount', 'deals.cf.since']));
    expect(names).not.toContain('cf.budget');
    expect((await namesFor(noah)).filter((name) => name.startsWith('deals.'))).toEqual([]);
    expect(await namesFor(noah)).toContain('cf.region');
  });

  it('show nothing once a field of theirs is archived, and go on when it is back', async () => {
    const name = key();
    const field = await define(name, { type: 'text' });
    const customer = await aCustomer({ [name]: 'gold' });
    const condition = { any: [{ field: `cf.${name}`, op: 'eq', value: 'gold' }] };
    const id = await saved(condition);
    await call('DELETE', `custom-fields/${field}`);
    const errors = [{ pointer: '/condition/any/0/field', code: 'unknown_field' }];
    expect(await call('GET', `segments/${id}/customers`)).toMatchObject({
      status: 400,
      body: { code: 'segment_unusable', errors },
    });
    expect((await call('GET', `segments/${id}`)).body).toMatchObject({ condition, problems: errors });
    expect(await call('PATCH', `segments/${id}`, { condition })).toMatchObject({
      status: 400,
      body: { code: 'invalid_condition', errors: [{ message: `There is no field cf.${name} to filter by` }] },
    });
    expect(await call('PATCH', `segments/${id}`, { name: newId() })).toMatchObject({
      status: 200,
      body: { condition },
    });
    expect(await namesFor(mira)).not.toContain(`cf.${name}`);
    await call('POST', `custom-fields/${field}/restore`);
    expect((await call('GET', `segments/${id}`)).body).toMatchObject({ condition, problems: [] });
    expect(await members(id)).toEqual([customer]);
  });

  it('show nothing once a field of theirs is of another type, in which what they ask means nothing', async () => {
    const name = key();
    const field = await define(name, { type: 'text' }, 'deals');
    const id = await saved({ field: `deals.cf.${name}`, op: 'eq', value: '7' });
    expect(await members(id)).toEqual([]);
    expect((await call('PATCH', `custom-fields/${field}`, { type: 'number' })).status).toBe(200);
    expect(await call('GET', `segments/${id}/customers`)).toMatchObject({
      status: 400,
      body: { code: 'segment_unusable', errors: [{ pointer: '/condition/value', code: 'invalid_value' }] },
    });
    await call('PATCH', `segments/${id}`, { condition: { field: `deals.cf.${name}`, op: 'eq', value: 7 } });
    await aDeal(south!, { [name]: 7 });
    expect(await members(id)).toEqual([south]);
  });

  it('that ask for personal fields are told to nobody who may not see these', async () => {
    const name = key();
    await define(name, { type: 'text', isPersonal: true });
    const customer = await aCustomer({ [name]: 'hush' });
    const condition = { field: `cf.${name}`, op: 'eq', value: 'hush' };
    const id = await saved(condition);
    expect(await members(id)).toEqual([customer]);
    expect(await namesFor(noah)).not.toContain(`cf.${name}`);
    const answers = [
      await call('GET', `segments/${id}/customers`, undefined, noah),
      await call('GET', `segments/${id}`, undefined, noah),
      await call('PATCH', `segments/${id}`, { name: newId() }, noah),
      await call('GET', 'segments?limit=100', undefined, noah),
      await call('GET', 'segments?limit=100&fields=condition', undefined, noah),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 200, 200, 200, 200]);
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain('hush');
    expect(answers[0]?.body.code).toBe('segment_unusable');
    expect(answers[1]?.body).toMatchObject({ condition: null, problems: [{ code: 'unknown_field' }] });
    expect(answers[4]?.body.data).toContainEqual({ id, condition: null });
    expect((await call('GET', 'segments?limit=100&fields=condition')).body.data).toContainEqual({ id, condition });
    const preview = await call('POST', 'segments/preview', { condition }, noah);
    expect(preview).toMatchObject({ status: 400, body: { errors: [{ code: 'unknown_field' }] } });
  });

  it('that ask for deals are out of reach of whom may read none', async () => {
    const id = await saved({ field: 'deals.cf.region', op: 'eq', value: 'north' });
    expect(await call('GET', `segments/${id}/customers`, undefined, noah)).toMatchObject({
      status: 403,
      body: { code: 'segment_out_of_reach', fields: ['deals.cf.region'] },
    });
  });

  it('count the deals that the reader may read, and no more', async () => {
    const omar = await signIn(slice, { grants: [...GRANTS, 'deals:read_own'] });
    const id = await saved({ field: 'deals.cf.region', op: 'eq', value: 'north' });
    expect(await members(id, omar)).toEqual([]);
    await aDeal(none!, { region: 'north' }, omar);
    expect(await members(id, omar)).toEqual([none]);
  });

  it('know the fields and the customers of their own tenant alone', async () => {
    await define('region', { type: 'text' }, 'customers', eve);
    const theirs = await aCustomer({ region: 'north' }, eve);
    const condition = { field: 'cf.region', op: 'eq', value: 'north' };
    expect(await members(await saved(condition, eve), eve)).toEqual([theirs]);
    expect(await members(await saved(condition))).not.toContain(theirs);
    expect((await namesFor(eve)).filter((name) => name.includes('cf.'))).toEqual(['cf.region']);
    const foreign = { field: 'cf.contract', op: 'eq', value: 'C-1' };
    expect((await call('POST', 'segments', { name: newId(), condition: foreign }, eve)).status).toBe(400);
  });

  it('cost a statement for each kind of record whose fields they name, and a list of them no more', async () => {
    const cost = async (path: string): Promise<number> => {
      const before = statementsSent();
      expect((await call('GET', path)).status).toBe(200);
      return statementsSent() - before;
    };
    const region = { field: 'cf.region', op: 'eq', value: 'north' };
    const plain = await saved({ field: 'status', op: 'eq', value: 'lead' });
    const one = await saved(region);
    const many = await saved({ all: [region, { any: [region, { ...region, field: 'deals.cf.region' }] }] });
    const of = (id: string): Promise<number> => cost(`segments/${id}/customers?limit=100`);
    await of(plain);
    const least = await of(plain);
    expect([await of(one), await of(many)]).toEqual([least + 1, least + 2]);
    const listed = await cost('segments?limit=100&count=none');
    for (let n = 0; n < 3; n++) await saved({ all: [region, { ...region, field: 'deals.cf.region' }] });
    expect(await cost('segments?limit=100&count=none')).toBe(listed);
  });
});
