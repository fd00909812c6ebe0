import { type SignedIn, signIn } from '@app/auth/testing';
import { dealsContexts } from '@app/deals/testing';
import { statementsSent } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const GRANTS = [
  ...[
    'custom-fields:read',
    'custom-fields:manage',
    'deals:create',
    'deals:read_all',
    'deals:update_all',
    'deals:export',
  ],
  ...['pipelines:manage', 'pipelines:read', 'roles:read', 'roles:manage', 'customers:create', 'customers:read_all'],
];
const FIELDS = {
  commission: { type: 'number' },
  price: { type: 'money' },
  signedOn: { type: 'date' },
  isPartner: { type: 'boolean' },
  region: { type: 'select', options: [{ key: 'north', label: 'North' }] },
  secret: { type: 'text', isPersonal: true },
} as const;

describe('Formula fields', () => {
  let slice: Slice;
  let ada: SignedIn;
  const ids = new Map<string, string>();

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, { token } = ada) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const define = async (key: string, terms: object, recordKind = 'deals') => {
    const answer = await call('POST', 'custom-fields', { recordKind, key, label: key, ...terms });
    if (answer.status === 201) ids.set(key, answer.body.id);
    return answer;
  };
  const formula = (key: string, expression: string, recordKind = 'deals') =>
    define(key, { type: 'formula', expression }, recordKind);
  const deal = async (customFields: object, over: object = {}) => {
    const { status, body } = await call('POST', 'deals', { name: 'Lamps', customFields, ...over });
    expect({ status, errors: body.errors }).toEqual({ status: 201, errors: undefined });
    return body;
  };

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts });
    ada = await signIn(slice, { grants: GRANTS });
    for (const [key, terms] of Object.entries(FIELDS)) expect((await define(key, terms)).status).toBe(201);
  });
  afterAll(() => slice?.close());

  it('come to their values in answers to writes, reads and lists alike, without being written', async () => {
    expect((await formula('fee', 'round(amount * cf.commission / 100)')).body).toMatchObject({
      ...{ type: 'formula', expression: 'round(amount * cf.commission / 100)', resultType: 'number' },
      ...{ isPersonal: false, isRequired: false, isIndexed: false, version: 1 },
    });
    await formula('kind', "if(cf.fee > 100, concat('large ', cf.region), 'small')");
    await formula('lasting', 'days_between(cf.signedOn, expectedCloseDate)');
    await formula('begunAt', 'max(createdAt, createdAt)');
    await formula('signed', 'cf.signedOn');
    const given = { commission: 2.5, region: 'north', signedOn: '2031-01-01' };
    const made = await deal(given, { amount: 10_000, currency: 'EUR', expectedCloseDate: '2031-03-01' });
    const wanted = {
      ...given,
      fee: 250,
      kind: 'large north',
      lasting: 59,
      begunAt: made.createdAt,
      signed: '2031-01-01',
    };
    expect(made.customFields).toEqual(wanted);
    expect((await call('GET', `deals/${made.id}`)).body.customFields).toEqual(wanted);
    expect((await call('GET', `deals?cf.fee=250`)).body.data).toMatchObject([{ id: made.id, customFields: wanted }]);
    const patched = await call('PATCH', `deals/${made.id}`, { amount: 1000 });
    expect(patched.body.customFields).toMatchObject({ fee: 25, kind: 'small' });
    const [{ stored }] = (
      await slice.superuser.query(`select custom_fields as stored from deals where id = '${made.id}'`)
    ).rows;
    expect(stored).toEqual(given);
    for (const fee of [1, null])
      expect((await call('PATCH', `deals/${made.id}`, { customFields: { fee } })).body).toMatchObject({
        ...{ status: 400, code: 'invalid_custom_fields' },
        errors: [{ pointer: '/customFields/fee', code: 'read_only' }],
      });
    const put = { name: 'Lamps', currency: 'EUR', customFields: { commission: 1 } };
    expect((await call('PUT', `deals/${made.id}`, put)).body.customFields).toMatchObject({ commission: 1 });
  });

  it('filter, sort and page the list, search it, and are columns of it and of its export', async () => {
    await formula('net', 'amount - cf.price.amount');
    for (const amount of [500, 300, 400, null])
      await deal({ price: { amount: 100, currency: 'EUR' } }, { name: 'Paged', amount, currency: 'EUR' });
    const netsOf = (body: { data: { customFields: { net?: number } }[] }) =>
      body.data.map(({ customFields }) => customFields.net);
    const { body } = await call('GET', 'deals?name=Paged&cf.net[gte]=200&sort=-cf.net&fields=cf.net');
    expect(netsOf(body)).toEqual([400, 300, 200]);
    expect(body.data[0]).toEqual({ id: expect.any(String), customFields: { net: 400 } });
    const pages: unknown[] = [];
    let cursor = '';
    for (let at = 0; at < 4; at++) {
      const page = (await call('GET', `deals?name=Paged&sort=cf.net&limit=1&cursor=${cursor}`)).body;
      pages.push(...netsOf(page));
      cursor = page.meta.nextCursor;
    }
    const file = await call('GET', 'deals/export?name=Paged&cf.net[gt]=200&sort=cf.net&fields=name,cf.net');
    expect(
      file.body
        .trimEnd()
        .split('\r\n')
        .map((line: string) => line.replace(/^[^,]*/, '')),
    ).toEqual([...[',name,cf.net', ',Paged,300', ',Paged,400']]);
    expect({ pages, cursor }).toEqual({ pages: [200, 300, 400, undefined], cursor: null });
    const where = {
      all: [
        { field: 'name', op: 'eq', value: 'Paged' },
        { field: 'cf.net', op: 'null', value: true },
      ],
    };
    expect((await call('POST', 'deals/search', { where })).body.meta.total).toBe(1);
  });

  it('are null where something in them is, is divided by zero or too large, and never an error', async () => {
    await formula('quotient', 'cf.commission / (amount - 7)');
    await formula('power', 'cf.commission * cf.commission * cf.commission * 1000000000000');
    await formula('least', 'min(cf.commission, amount)');
    await formula('filled', 'coalesce(min(cf.commission, amount), -1)');
    await formula('unsure', "if(cf.isPartner, 'yes', 'no')");
    const values = async (customFields: object, amount: number | null) =>
      (await deal(customFields, { amount, currency: 'EUR' })).customFields;
    expect(await values({ commission: 3 }, 7)).toEqual(
      expect.not.objectContaining({ quotient: expect.anything(), unsure: expect.anything() }),
    );
    expect(await values({ commission: 3 }, 13)).toMatchObject({ quotient: 0.5, least: 3, filled: 3, power: 27e12 });
    expect(await values({ commission: 1e300, isPartner: false }, 7)).toMatchObject({ filled: -1, unsure: 'no' });
    expect(await values({ commission: 999_999 }, 7)).not.toHaveProperty('power');
    expect(await values({}, null)).toMatchObject({ filled: -1 });
    expect((await call('GET', 'deals?sort=cf.quotient,-cf.power&limit=100')).status).toBe(200);
  });

  it('are refused where they make no sense, and told why', async () => {
    const refused = async (expression: string) => {
      const { status, body } = await formula('wrong', expression);
      return { status, code: body.code, pointer: body.errors?.[0].pointer };
    };
    const at = { status: 422, pointer: '/expression' };
    expect(await refused('amount +')).toEqual({ ...at, code: 'formula_invalid' });
    expect(await refused("amount + 'x'")).toEqual({ ...at, code: 'formula_invalid' });
    expect(await refused('cf.nothing + 1')).toEqual({ ...at, code: 'formula_field_unknown' });
    expect(await refused('cf.wrong + 1')).toEqual({ ...at, code: 'formula_cycle' });
    expect((await call('PATCH', `custom-fields/${ids.get('fee')}`, { expression: 'cf.kind == "a"' })).body.code).toBe(
      'formula_cycle',
    );
    for (const [terms, pointer] of [
      [{ type: 'formula' }, '/expression'],
      [{ type: 'text', expression: '1' }, '/expression'],
      [{ type: 'formula', expression: '1', isRequired: true }, '/isRequired'],
      [{ type: 'formula', expression: '1', isIndexed: true }, '/isIndexed'],
      [{ type: 'formula', expression: '1', isPersonal: true }, '/isPersonal'],
    ] as const)
      expect((await define('wrong', terms)).body).toMatchObject({
        code: 'custom_field_invalid',
        errors: [{ pointer }],
      });
    for (const [key, to] of [
      ['fee', { type: 'number' }],
      ['region', { type: 'formula', expression: '1' }],
    ] as const)
      expect((await call('PATCH', `custom-fields/${ids.get(key)}`, to)).body.code).toBe('custom_field_invalid');
  });

  it('keep what they are made of from being archived or another type, by name', async () => {
    const by = (...formulas: string[]) => ({
      ...{ status: 409, code: 'field_in_formula' },
      formulas: expect.arrayContaining(formulas),
    });
    expect((await call('DELETE', `custom-fields/${ids.get('commission')}`)).body).toMatchObject(by('fee', 'kind'));
    expect((await call('PATCH', `custom-fields/${ids.get('commission')}`, { type: 'text' })).body).toMatchObject(
      by('fee', 'kind'),
    );
    expect((await call('DELETE', `custom-fields/${ids.get('fee')}`)).body).toMatchObject(by('kind'));
    expect((await call('PATCH', `custom-fields/${ids.get('fee')}`, { expression: 'name' })).body).toMatchObject(
      by('kind'),
    );
    expect((await call('PATCH', `custom-fields/${ids.get('commission')}`, { label: 'Share' })).status).toBe(200);
  });

  it('are made of no field whose values are just being converted', async () => {
    await define('weight', { type: 'text' });
    await deal({ weight: '7' });
    expect((await call('PATCH', `custom-fields/${ids.get('weight')}`, { type: 'number' })).body.convertingTo).toBe(
      'number',
    );
    expect((await formula('heavy', "cf.weight == '7'")).body).toMatchObject({
      ...{ status: 409, code: 'custom_field_converting' },
      errors: [{ pointer: '/expression' }],
    });
  });

  it('follow when what they are made of changes, and come back with what is still there', async () => {
    await formula('base', 'amount');
    await formula('twice', 'cf.base * 2');
    const { id } = await deal({}, { amount: 10, currency: 'EUR' });
    const shown = async () => (await call('GET', `deals/${id}`)).body.customFields;
    expect(await shown()).toMatchObject({ base: 10, twice: 20 });
    const change = await call('PATCH', `custom-fields/${ids.get('base')}`, { expression: 'amount + 1' });
    expect(change.body).toMatchObject({ expression: 'amount + 1', version: 2 });
    expect(await shown()).toMatchObject({ base: 11, twice: 22 });
    expect((await call('DELETE', `custom-fields/${ids.get('twice')}`)).status).toBe(204);
    expect(await shown()).not.toHaveProperty('twice');
    expect((await call('GET', 'deals?cf.twice=22')).status).toBe(400);
    expect((await call('DELETE', `custom-fields/${ids.get('base')}`)).status).toBe(204);
    expect((await call('POST', `custom-fields/${ids.get('twice')}/restore`)).body).toMatchObject({
      ...{ status: 422, code: 'formula_field_unknown', field: 'cf.base' },
    });
    for (const key of ['base', 'twice'])
      expect((await call('POST', `custom-fields/${ids.get(key)}/restore`)).status).toBe(200);
    expect(await shown()).toMatchObject({ base: 11, twice: 22 });
  });

  it('are as personal as a field in them, from the moment it is', async () => {
    await define('nickname', { type: 'text' });
    await formula('greeting', "concat('Dear ', cf.nickname)");
    await formula('whisper', 'concat(cf.secret, cf.greeting)');
    const seer = await signIn(slice, { grants: [...GRANTS, 'custom-fields:read-personal'] });
    const { id } = (await call('POST', 'deals', { name: 'Lamps', customFields: { nickname: 'Al', secret: 'S' } }, seer))
      .body;
    const shown = async (by = ada) => (await call('GET', `deals/${id}`, undefined, by)).body.customFields;
    expect(await shown(seer)).toMatchObject({ greeting: 'Dear Al', whisper: 'SDear Al' });
    expect(await shown()).toMatchObject({ greeting: 'Dear Al' });
    expect(await shown()).not.toHaveProperty('whisper');
    expect((await call('GET', `custom-fields/${ids.get('whisper')}`)).body.isPersonal).toBe(true);
    await call('PATCH', `custom-fields/${ids.get('nickname')}`, { isPersonal: true });
    expect(await shown()).not.toHaveProperty('greeting');
    expect((await call('GET', 'deals?sort=cf.greeting')).status).toBe(400);
    expect((await call('PATCH', `deals/${id}`, { name: 'Lamp' })).body.customFields).not.toHaveProperty('greeting');
    await call('PATCH', `custom-fields/${ids.get('nickname')}`, { isPersonal: false });
    expect(await shown()).toMatchObject({ greeting: 'Dear Al' });
  });

  it('are hidden from a role with any field in them that is', async () => {
    await formula('half', 'cf.commission / 2');
    const clerk = await signIn(slice, { grants: ['deals:read_all', 'deals:update_all'] });
    const { rows } = await slice.superuser.query('select role_id from user_roles where user_id = $1', [clerk.userId]);
    const rights = async (...fields: string[]) => {
      const rules = fields.map((field) => ({ record: 'deals', field, right: 'hidden' }));
      expect((await call('PUT', `roles/${rows[0].role_id}/field-rights`, { rules })).status).toBe(200);
    };
    const { id } = await deal({ commission: 2, region: 'north' }, { amount: 5000, currency: 'EUR' });
    const shown = async (answer: ReturnType<typeof call>) => Object.keys((await answer).body.customFields).sort();
    const read = () => call('GET', `deals/${id}`, undefined, clerk);
    expect(await shown(read())).toEqual(expect.arrayContaining(['fee', 'half', 'kind']));
    await rights('amount');
    for (const answer of [read(), call('PATCH', `deals/${id}`, { name: 'Lamp' }, clerk)]) {
      const names = await shown(answer);
      for (const gone of ['fee', 'kind']) expect(names).not.toContain(gone);
      expect(names).toEqual(expect.arrayContaining(['commission', 'half']));
    }
    expect((await call('GET', 'deals?cf.fee[gt]=1', undefined, clerk)).status).toBe(400);
    expect((await call('GET', 'deals?cf.half[gt]=0', undefined, clerk)).status).toBe(200);
    await rights('cf.commission');
    expect(await shown(read())).not.toContain('half');
    expect((await call('GET', 'deals?sort=cf.half', undefined, clerk)).status).toBe(400);
  });

  it('cost a read no further statement', async () => {
    const { id } = await deal({ commission: 1 }, { amount: 5, currency: 'EUR' });
    const before = statementsSent();
    await call('GET', `deals/${id}`);
    const one = statementsSent() - before;
    await call('GET', 'deals?limit=50&count=none');
    expect(statementsSent() - before - one).toBeLessThanOrEqual(one);
  });

  it('stand on every kind of record that fields stand on', async () => {
    await formula('initial', "concat(firstName, '/', cf.shoe)", 'customers');
    expect((await define('shoe', { type: 'number' }, 'customers')).status).toBe(201);
    expect((await formula('initials', "concat(firstName, '/', cf.shoe)", 'customers')).status).toBe(201);
    const made = await call('POST', 'customers', { firstName: 'Mira', customFields: { shoe: 41.5 } });
    expect(made.body.customFields).toEqual({ shoe: 41.5, initials: 'Mira/41.5' });
    expect((await call('GET', 'customers?cf.initials[starts]=mira/4')).body.data).toMatchObject([
      { id: made.body.id, customFields: { initials: 'Mira/41.5' } },
    ]);
  });
});
