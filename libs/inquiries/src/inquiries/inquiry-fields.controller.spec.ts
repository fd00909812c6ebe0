import { type SignedIn, signIn } from '@app/auth/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKnownCustomer, inquiriesContexts, mergeInquiries } from '../testing.js';

const INQUIRIES = [
  ...['inquiries:read_all', 'inquiries:create', 'inquiries:update_all', 'inquiries:delete', 'customers:read_all'],
  ...['customers:create', 'views:use'],
];

describe('The custom fields of inquiries', () => {
  let slice: Slice;
  let [boss, clerk]: SignedIn[] = [];
  let customerId: string;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    boss = await signIn(slice, { grants: [...INQUIRIES, 'custom-fields:manage', 'custom-fields:read-personal'] });
    clerk = await signIn(slice, { grants: INQUIRIES });
    customerId = await slice.as(boss.actor, () => aKnownCustomer(slice));
    for (const field of [
      { key: 'orderNumber', label: 'Order', type: 'text' },
      { key: 'parcels', label: 'Parcels', type: 'number', min: 1 },
      { key: 'doctor', label: 'Doctor', type: 'text', isPersonal: true },
    ])
      expect((await call('POST', 'custom-fields', { recordKind: 'inquiries', ...field })).status).toBe(201);
  });
  afterAll(() => slice?.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, who = boss) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body });
  const ask = (customFields?: unknown, who = boss) =>
    call('POST', 'inquiries', { customerId, subject: 'Where is it?', message: 'Late.', customFields }, who);

  it('are written, changed in part and replaced, each by its rules', async () => {
    const customFields = { orderNumber: 'A-1', parcels: 2, doctor: 'Dr. Wu' };
    const made = await ask(customFields);
    expect(made).toMatchObject({ status: 201, body: { customFields, version: 1 } });
    const { id } = made.body;
    expect((await call('GET', `inquiries/${id}`)).body).toEqual(made.body);
    const patched = await call('PATCH', `inquiries/${id}`, { customFields: { parcels: 3, orderNumber: null } });
    expect(patched.body).toMatchObject({ customFields: { parcels: 3, doctor: 'Dr. Wu' }, subject: 'Where is it?' });
    expect((await call('PATCH', `inquiries/${id}`, { customFields: { parcels: 0, size: 1 } })).body).toMatchObject({
      ...{ status: 400, code: 'invalid_custom_fields' },
      errors: [{ pointer: '/customFields/parcels' }, { pointer: '/customFields/size' }],
    });
    const whole = { subject: 'Where?', priority: 'high', channel: 'phone' };
    expect((await call('PUT', `inquiries/${id}`, whole)).body.customFields).toEqual({ parcels: 3, doctor: 'Dr. Wu' });
    const put = await call('PUT', `inquiries/${id}`, { ...whole, customFields: { orderNumber: 'B-2' } }, clerk);
    expect(put.body.customFields).toEqual({ orderNumber: 'B-2' });
    expect((await call('GET', `inquiries/${id}`)).body.customFields).toEqual({ orderNumber: 'B-2', doctor: 'Dr. Wu' });
  });

  it('that are personal are for those who may see them', async () => {
    const { id } = (await ask({ parcels: 2, doctor: 'Eva' })).body;
    expect((await call('GET', `inquiries/${id}`, undefined, clerk)).body.customFields).toEqual({ parcels: 2 });
    expect((await call('GET', 'inquiries?cf.doctor=Eva', undefined, clerk)).status).toBe(400);
    expect((await call('GET', 'inquiries?cf.doctor=Eva')).body.data).toMatchObject([{ id }]);
    expect((await call('PATCH', `inquiries/${id}`, { customFields: { doctor: 'Zoe' } }, clerk)).status).toBe(400);
    const changed = await call('PATCH', `inquiries/${id}`, { subject: 'Where?' }, clerk);
    expect(changed.body).toMatchObject({ subject: 'Where?', customFields: { parcels: 2 } });
  });

  it('are filters, orders and columns of the list, of searches and of views', async () => {
    for (const parcels of [105, 103, 104]) expect((await ask({ parcels })).status).toBe(201);
    const columns = ({ body }: { body: { data: { customFields: object }[] } }) =>
      body.data.map(({ customFields }) => customFields);
    const wanted = [{ parcels: 105 }, { parcels: 104 }];
    const query = 'cf.parcels[gt]=103&sort=-cf.parcels&fields=cf.parcels';
    expect(columns(await call('GET', `inquiries?${query}`))).toEqual(wanted);
    const where = { field: 'cf.parcels', op: 'gt', value: 103 };
    expect(columns(await call('POST', 'inquiries/search', { where, sort: '-cf.parcels' }))).toEqual(wanted);
    const view = await call('POST', 'views', { resource: 'inquiries', name: 'Large', audience: 'private', query });
    expect(view.status).toBe(201);
    expect(columns(await call('GET', `inquiries?view=${view.body.id}`))).toEqual(wanted);
  });

  it('are gone from sight with their field, and stay with what is merged', async () => {
    const field = (
      await call('POST', 'custom-fields', { recordKind: 'inquiries', key: 'lot', label: 'Lot', type: 'text' })
    ).body;
    const [{ body: one }, { body: other }] = [await ask({ lot: 'L1' }), await ask({ lot: 'L2' })];
    await slice.as(boss!.actor, () => mergeInquiries(slice, one.id, other.id));
    expect((await call('GET', `inquiries/${one.id}`)).body.customFields).toEqual({ lot: 'L1' });
    expect((await call('GET', `inquiries/${other.id}`)).body.customFields).toEqual({ lot: 'L2' });
    await call('DELETE', `custom-fields/${field.id}`);
    expect((await call('GET', `inquiries/${other.id}`)).body.customFields).toEqual({});
    expect((await call('GET', 'inquiries?cf.lot=L2')).status).toBe(400);
  });
});
