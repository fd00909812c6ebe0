import { type SignedIn, signIn } from '@app/auth/testing';
import { dealsContexts } from '@app/deals/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const GRANTS = [
  ...['custom-fields:read', 'custom-fields:manage', 'custom-fields:read-personal'],
  ...['customers:create', 'customers:read_all', 'customers:update_all', 'customers:delete_all', 'customers:merge'],
  ...['deals:create', 'deals:read_all'],
];

describe('Custom fields', () => {
  let slice: Slice;
  let worker: Slice;
  let ada: SignedIn;
  let foreigner: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts });
    worker = await bootSlice({ contexts: dealsContexts, app: 'worker', beside: slice });
    ada = await signIn(slice, { grants: GRANTS });
    foreigner = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, { token } = ada) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const aKey = (): string => `k${newId().replaceAll('-', '').slice(12)}`;
  const define = (over: object = {}, as = ada) =>
    call(
      'POST',
      'custom-fields',
      { recordKind: 'customers', key: aKey(), label: 'A field', type: 'text', ...over },
      as,
    );
  const aField = async (over: object = {}): Promise<{ id: string; key: string }> => (await define(over)).body;
  const aCustomer = async (customFields: object, as = ada): Promise<string> => {
    const { body, status } = await call('POST', 'customers', { firstName: 'Mira', customFields }, as);
    expect([status, body.errors]).toEqual([201, undefined]);
    return body.id;
  };
  const valuesOf = async (id: string) => (await call('GET', `customers/${id}`)).body.customFields;
  const change = (id: string, to: object, as = ada) => call('PATCH', `custom-fields/${id}`, to, as);

  it('are defined with what their values must be, listed, and changed', async () => {
    const made = await define({ key: 'contractNo', label: 'Contract number', min: 3, max: 20, isRequired: true });
    expect(made).toMatchObject({
      status: 201,
      body: {
        key: 'contractNo',
        type: 'text',
        min: 3,
        max: 20,
        isRequired: true,
        isPersonal: false,
        indexState: 'none',
        version: 1,
      },
    });
    expect((await call('GET', 'custom-fields?recordKind=customers&key=contractNo')).body.data).toEqual([made.body]);
    expect((await change(made.body.id, { label: 'Number', isRequired: false })).body).toMatchObject({
      label: 'Number',
      version: 2,
    });
    expect((await change(made.body.id, { key: 'other' })).body.errors).toMatchObject([
      { pointer: '/key', code: 'unknown_field' },
    ]);
  });

  it.each<[string, object, number, string]>([
    ['of a kind that carries none', { recordKind: 'orders' }, 422, 'record_kind_unknown'],
    ['whose key is the name of a built-in field', { key: 'lastName' }, 409, 'custom_field_key_built_in'],
    ['whose key is that in another case', { key: 'lastname' }, 409, 'custom_field_key_built_in'],
    ['called __proto__', { key: '__proto__' }, 400, 'validation_failed'],
    ['called constructor.prototype', { key: 'constructor.prototype' }, 400, 'validation_failed'],
    ['whose key would end a literal', { key: "x' or true" }, 400, 'validation_failed'],
    ['that choose among nothing', { type: 'select' }, 422, 'custom_field_invalid'],
    [
      'with an option twice',
      {
        type: 'select',
        options: [
          { key: 'a', label: 'A' },
          { key: 'a', label: 'B' },
        ],
      },
      422,
      'custom_field_invalid',
    ],
    ['of money in no currency', { type: 'money', currency: 'EURO' }, 400, 'validation_failed'],
    ['that lead nowhere', { type: 'relation' }, 422, 'custom_field_invalid'],
    ['that lead to what there is not', { type: 'relation', targetKind: 'orders' }, 422, 'record_kind_unknown'],
    ['with bounds the wrong way round', { type: 'number', min: 5, max: 4 }, 422, 'custom_field_invalid'],
    ['with a length of half a letter', { min: 0.5 }, 422, 'custom_field_invalid'],
    ['indexed by what tells few apart', { type: 'boolean', isIndexed: true }, 422, 'custom_field_invalid'],
  ])('%s are refused', async (_, over, status, code) => {
    expect(await define(over)).toMatchObject({ status, body: { code } });
  });

  it('have a key once, however many define it at once', async () => {
    const key = aKey();
    const answers = await Promise.all(
      [key, key.toUpperCase().replace(/^K/, 'k'), key, key].map((one) => define({ key: one })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'custom_field_key_taken' });
  });

  it('are two hundred at most, and no more by parallel requests', async () => {
    const { userId } = foreigner;
    await slice.superuser.query(`select set_config('app.actor_id', $1, false)`, [userId]);
    await slice.superuser.query(
      `insert into custom_fields (tenant_id, id, record_kind, key, label, type, is_required, is_personal, is_indexed, index_state, created_by)
       select $1, gen_random_uuid(), 'customers', 'f' || n, 'F', 'text', false, false, false, 'none', $2 from generate_series(1, 199) n`,
      [OTHER_TENANT, userId],
    );
    const answers = await Promise.all([1, 2, 3].map(() => define({}, foreigner)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
    expect(answers.find(({ status }) => status === 422)!.body).toMatchObject({ code: 'too_many_custom_fields' });
    await slice.superuser.query(`delete from custom_fields where tenant_id = $1`, [OTHER_TENANT]);
  });

  it('belong to their tenant', async () => {
    const { id, key } = await aField();
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/restore'],
    ] as [Method, string][])
      expect(
        (await call(method, `custom-fields/${id}${path}`, method === 'GET' ? undefined : {}, foreigner)).status,
      ).toBe(404);
    expect((await define({ key }, foreigner)).status).toBe(201);
    expect((await call('GET', `customers?cf.${key}=x`, undefined, foreigner)).status).toBe(200);
  });

  it('are changed by nobody without the right', async () => {
    const reader = await signIn(slice, { grants: ['custom-fields:read'] });
    expect((await define({}, reader)).status).toBe(403);
    expect((await call('GET', 'custom-fields', undefined, reader)).status).toBe(200);
  });

  describe('of another type', () => {
    it('are refused where values do not convert, and told which', async () => {
      const { id, key } = await aField();
      const [bad] = await Promise.all([aCustomer({ [key]: 'twelve' }), aCustomer({ [key]: '12' })]);
      expect(await change(id, { type: 'number' })).toMatchObject({
        status: 409,
        body: { code: 'values_do_not_convert', records: 1, values: [{ value: 'twelve', records: 1, example: bad }] },
      });
      expect((await call('GET', `custom-fields/${id}`)).body).toMatchObject({
        type: 'text',
        convertingTo: null,
        version: 1,
      });
    });

    it('are so at once while no record has a value', async () => {
      const { id } = await aField({ min: 2 });
      expect((await change(id, { type: 'date' })).body).toMatchObject({ type: 'date', min: null, convertingTo: null });
    });

    it('are so by a job where all values convert', async () => {
      const { id, key } = await aField();
      const [twelve, half] = [await aCustomer({ [key]: '12' }), await aCustomer({ [key]: '0.5' })];
      expect((await change(id, { type: 'number' })).body).toMatchObject({ convertingTo: 'number' });
      await worker.settled();
      expect((await call('GET', `custom-fields/${id}`)).body).toMatchObject({ type: 'number', convertingTo: null });
      expect([await valuesOf(twelve), await valuesOf(half)]).toEqual([{ [key]: 12 }, { [key]: 0.5 }]);
      expect((await call('GET', `customers?cf.${key}[gt]=1`)).body.data).toMatchObject([{ id: twelve }]);
    });
  });

  it('are written by nobody while their values are being converted, and changed by nobody', async () => {
    const { id, key } = await aField();
    const customer = await aCustomer({ [key]: '12' });
    await slice.superuser.query(`select set_config('app.actor_id', $1, false)`, [ada.userId]);
    await slice.superuser.query(
      `update custom_fields set converting_to = '{"type": "number", "rules": {}, "options": [], "currency": null}' where id = $1`,
      [id],
    );
    expect((await call('PATCH', `customers/${customer}`, { customFields: { [key]: 'x' } })).body.errors).toMatchObject([
      { pointer: `/customFields/${key}`, code: 'custom_field_converting' },
    ]);
    expect(await change(id, { label: 'x' })).toMatchObject({ status: 409, body: { code: 'custom_field_converting' } });
  });

  it('keep an option that records hold, until they do not; retired it is chosen by nobody anew', async () => {
    const options = [
      { key: 'gold', label: 'Gold' },
      { key: 'tin', label: 'Tin' },
    ];
    const { id, key } = await aField({ type: 'select', options });
    const customer = await aCustomer({ [key]: 'tin' });
    expect(await change(id, { options: [options[0]] })).toMatchObject({
      status: 409,
      body: { code: 'option_in_use', options: [{ key: 'tin', records: 1 }] },
    });
    expect((await change(id, { options: [options[0], { ...options[1], isRetired: true }] })).status).toBe(200);
    expect((await call('PATCH', `customers/${customer}`, { customFields: { [key]: 'tin' } })).status).toBe(200);
    expect(
      (await call('POST', 'customers', { firstName: 'M', customFields: { [key]: 'tin' } })).body.errors,
    ).toMatchObject([{ pointer: `/customFields/${key}`, code: 'unknown_option' }]);
    await call('PATCH', `customers/${customer}`, { customFields: { [key]: null } });
    expect((await change(id, { options: [options[0]] })).status).toBe(200);
  });

  it('that are archived are shown and known nowhere, and come back with their values', async () => {
    const { id, key } = await aField();
    const customer = await aCustomer({ [key]: 'kept' });
    expect((await call('DELETE', `custom-fields/${id}`)).status).toBe(204);
    expect(await valuesOf(customer)).toEqual({});
    const patched = await call('PATCH', `customers/${customer}`, { lastName: 'Okafor' });
    expect(patched.body.customFields).toEqual({});
    expect((await call('PATCH', `customers/${customer}`, { customFields: { [key]: 'x' } })).status).toBe(400);
    expect((await call('GET', `customers?cf.${key}=kept`)).body.errors).toMatchObject([{ code: 'unknown_field' }]);
    expect((await call('GET', `customers?id=${customer}`)).body.data[0].customFields).toEqual({});
    expect(await define({ key })).toMatchObject({ status: 409, body: { code: 'custom_field_key_taken' } });
    expect(await change(id, { label: 'x' })).toMatchObject({ status: 409, body: { code: 'custom_field_archived' } });
    expect((await call('POST', `custom-fields/${id}/restore`)).body).toMatchObject({ archivedAt: null });
    expect(await valuesOf(customer)).toEqual({ [key]: 'kept' });
  });

  it('of personal data are seen, found by and written by whoever may, and by nobody else', async () => {
    const { id, key } = await aField({ isPersonal: true });
    const customer = await aCustomer({ [key]: 'secret' });
    const other = await aCustomer({ [key]: 'secret' });
    expect((await call('POST', 'customers/merge', { survivorId: customer, loserId: other })).status).toBeLessThan(300);
    const clerk = await signIn(slice, { grants: GRANTS.filter((grant) => !/manage|personal/.test(grant)) });
    for (const path of [`customers/${customer}`, `customers?id=${customer}`, `customers/${customer}/history`])
      expect(JSON.stringify((await call('GET', path, undefined, clerk)).body)).not.toMatch(/secret/);
    const patched = await call('PATCH', `customers/${customer}`, { lastName: 'O' }, clerk);
    expect(patched).toMatchObject({ status: 200, body: { customFields: {} } });
    expect((await call('PUT', `customers/${customer}`, { firstName: 'M', customFields: {} }, clerk)).status).toBe(200);
    expect(await valuesOf(customer)).toEqual({ [key]: 'secret' });
    for (const query of [`cf.${key}=secret`, `sort=cf.${key}`, `fields=cf.${key}`])
      expect((await call('GET', `customers?${query}`, undefined, clerk)).body.errors).toMatchObject([
        { code: 'unknown_field' },
      ]);
    expect((await call('PATCH', `customers/${customer}`, { customFields: { [key]: 'x' } }, clerk)).status).toBe(400);
    expect((await call('GET', `custom-fields/${id}`, undefined, clerk)).status).toBe(404);
    expect((await call('GET', `customers?cf.${key}=secret`)).body.data).toMatchObject([{ id: customer }]);
  });
});
