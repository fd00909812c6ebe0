import { type SignedIn, signIn } from '@app/auth/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customersContexts } from '../testing.js';

const COMPANIES = ['companies:read', 'companies:create', 'companies:update'];

describe('The custom fields of companies', () => {
  let slice: Slice;
  let [boss, clerk]: SignedIn[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    boss = await signIn(slice, { grants: [...COMPANIES, 'custom-fields:manage', 'custom-fields:read-personal'] });
    clerk = await signIn(slice, { grants: COMPANIES });
    for (const field of [
      { key: 'sector', label: 'Sector', type: 'text' },
      { key: 'seats', label: 'Seats', type: 'number', min: 1 },
      { key: 'wife', label: 'Wife of the boss', type: 'text', isPersonal: true },
    ])
      expect((await call('POST', 'custom-fields', { recordKind: 'companies', ...field })).status).toBe(201);
  });
  afterAll(() => slice.close());

  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown, who = boss) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body });

  it('are written, changed in part and replaced, each by its rules', async () => {
    const customFields = { sector: 'shipping', seats: 12, wife: 'Ada' };
    const made = await call('POST', 'companies', { name: 'Fielded', customFields });
    expect(made.body).toMatchObject({ customFields, version: 1 });
    const { id } = made.body;
    expect((await call('PATCH', `companies/${id}`, { customFields: { seats: 13 } })).body).toMatchObject({
      customFields: { ...customFields, seats: 13 },
      version: 2,
    });
    expect((await call('PATCH', `companies/${id}`, { customFields: { seats: 0, size: 1 } })).body).toMatchObject({
      ...{ status: 400, code: 'invalid_custom_fields' },
      errors: [{ pointer: '/customFields/seats' }, { pointer: '/customFields/size' }],
    });
    expect((await call('PUT', `companies/${id}`, { name: 'Fielded' })).body.customFields.seats).toBe(13);
    const replaced = await call('PUT', `companies/${id}`, { name: 'Fielded', customFields: { sector: 'rail' } }, clerk);
    expect(replaced.body.customFields).toEqual({ sector: 'rail' });
    expect((await call('GET', `companies/${id}`)).body.customFields).toEqual({ sector: 'rail', wife: 'Ada' });
  });

  it('that are personal are for those who may see them', async () => {
    const { id } = (await call('POST', 'companies', { name: 'Private', customFields: { seats: 2, wife: 'Eva' } })).body;
    expect((await call('GET', `companies/${id}`, undefined, clerk)).body.customFields).toEqual({ seats: 2 });
    expect((await call('GET', `companies?id=${id}`, undefined, clerk)).body.data).toMatchObject([
      { customFields: { seats: 2 } },
    ]);
    expect((await call('GET', 'companies?cf.wife=Eva', undefined, clerk)).status).toBe(400);
    expect((await call('GET', 'companies?cf.wife=Eva')).body.data).toMatchObject([{ id }]);
    expect((await call('PATCH', `companies/${id}`, { customFields: { wife: 'Zoe' } }, clerk)).status).toBe(400);
  });

  it('are filters, orders and columns of the list', async () => {
    for (const seats of [105, 103, 104]) await call('POST', 'companies', { name: 'Many', customFields: { seats } });
    const { body } = await call('GET', 'companies?cf.seats[gt]=103&name=Many&sort=-cf.seats&fields=cf.seats');
    expect(body.data.map(({ customFields }: { customFields: object }) => customFields)).toEqual([
      { seats: 105 },
      { seats: 104 },
    ]);
  });
});
