import { authContexts, type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogFacade, catalogContext } from './index.js';

describe('The catalog over HTTP', () => {
  let slice: Slice;
  let mira: SignedIn;
  let eve: SignedIn;
  const clock = new FixedClock(new Date('2031-03-15T09:00:00Z'));

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, catalogContext], clock });
    mira = await signIn(slice, { grants: ['catalog:read', 'catalog:manage'] });
    eve = await signIn(slice, { grants: ['catalog:read', 'catalog:manage'], tenantId: OTHER_TENANT });
  });
  afterAll(() => slice.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const aSku = (): string => newId().toUpperCase();
  const made = async (over: object = {}) => {
    const { status, body } = await call('POST', 'products', { kind: 'product', sku: aSku(), name: 'Lamp', ...over });
    expect(status).toBe(201);
    return body as { id: string; sku: string };
  };
  const priced = (id: string, over: object = {}) =>
    call('POST', `products/${id}/prices`, { currency: 'EUR', amount: 4_900, ...over });
  const aTax = async (rate: string): Promise<string> =>
    (await call('POST', 'tax-classes', { name: newId(), rate })).body.id;

  it('shows what is sold with its prices of today', async () => {
    const { id } = await made({ kind: 'service', durationMinutes: 90 });
    await priced(id, { validUntil: '2031-03-15' });
    await priced(id, { amount: 5_900, validFrom: '2031-03-16' });
    await priced(id, { currency: 'CHF', amount: 5_000, validFrom: '2031-03-01' });
    const { body, headers } = await call('GET', `products/${id}`);
    expect(body).toMatchObject({ kind: 'service', durationMinutes: 90, isActive: true, version: 1 });
    expect(body.prices).toEqual([
      { currency: 'CHF', amount: 5_000 },
      { currency: 'EUR', amount: 4_900 },
    ]);
    expect(headers.etag).toBe('"1"');
    const { body: prices } = await call('GET', `products/${id}/prices?currency=EUR`);
    expect(prices.data).toMatchObject([
      { amount: 5_900, validFrom: '2031-03-16', validUntil: null },
      { amount: 4_900, validFrom: '2031-03-15', validUntil: '2031-03-15' },
    ]);
  });

  it.each([
    ['POST', { sku: 'with space' }, 400, '/sku'],
    ['POST', { kind: 'thing' }, 400, '/kind'],
    ['POST', { name: 'two\nlines' }, 400, '/name'],
    ['POST', { activeFrom: '2031-02-30' }, 400, '/activeFrom'],
    ['POST', { durationMinutes: 60 }, 422, '/durationMinutes'],
    ['POST', { activeFrom: '2031-03-02', activeUntil: '2031-03-01' }, 422, '/activeUntil'],
    ['POST', { taxClassId: newId() }, 422, '/taxClassId'],
    ['POST', { stock: 5 }, 400, '/stock'],
  ] as const)('sells nothing that makes no sense: %s %j', async (method, over, expected, pointer) => {
    const { status, body } = await call(method, 'products', { kind: 'product', sku: aSku(), name: 'Lamp', ...over });
    expect(status).toBe(expected);
    expect(new Set(body.errors.map((one: { pointer: string }) => one.pointer))).toEqual(new Set([pointer]));
  });

  it('sells one thing by one SKU, however many say so at once', async () => {
    const body = { kind: 'product', sku: aSku(), name: 'Lamp' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', 'products', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(5).fill(409)]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('sku_taken');
  });

  it('has one price a currency and day, however many are given at once', async () => {
    const { id } = await made();
    const answers = await Promise.all(Array.from({ length: 6 }, () => priced(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(5).fill(409)]);
    for (const over of [{ validFrom: '2031-01-01' }, { validFrom: '2040-01-01' }])
      expect((await priced(id, over)).body.code).toBe('price_overlaps');
    expect((await priced(id, { validFrom: '2031-01-01', validUntil: '2031-03-14' })).status).toBe(201);
    expect((await priced(id, { currency: 'USD' })).status).toBe(201);
    expect((await priced(id, { currency: 'JPY', validFrom: '2031-01-02', validUntil: '2031-01-01' })).body.code).toBe(
      'days_out_of_order',
    );
  });

  it.each([{ amount: 1.5 }, { amount: -1 }, { amount: '5' }, { amount: 1e12 }, { currency: 'XXX' }])(
    'has no such price: %j',
    async (over) => {
      const { id } = await made();
      expect((await priced(id, over)).status).toBe(400);
    },
  );

  it('is edited by whoever saw its current version', async () => {
    const { id, sku } = await made({ kind: 'service', durationMinutes: 60 });
    const headers = { 'if-match': '"1"' };
    const edit = (body: object) => slice.http('PATCH', `/api/v1/products/${id}`, { token: mira.token, body, headers });
    expect((await edit({ name: 'Night tour', durationMinutes: null })).body).toMatchObject({
      ...{ sku, name: 'Night tour', durationMinutes: null, version: 2 },
    });
    expect((await edit({ name: 'Day tour' })).status).toBe(412);
    const other = await made();
    expect((await call('PATCH', `products/${id}`, { sku: other.sku })).body.code).toBe('sku_taken');
    const put = await call('PUT', `products/${id}`, { sku, name: 'Tour' });
    expect(put.body).toMatchObject({ kind: 'service', name: 'Tour', description: null, version: 3 });
    expect((await call('PUT', `products/${id}`, { sku, name: 'Tour', kind: 'product' })).status).toBe(400);
  });

  it('keeps a tax class while something is sold at it', async () => {
    const taxClassId = await aTax('8.875');
    const { id } = await made({ taxClassId });
    expect((await call('DELETE', `tax-classes/${taxClassId}`)).body.code).toBe('tax_class_in_use');
    expect((await call('DELETE', `products/${id}`)).status).toBe(204);
    expect((await call('DELETE', `tax-classes/${taxClassId}`)).status).toBe(204);
    for (const rate of ['100.1', '-1', '7,5', '1e1', 7])
      expect((await call('POST', 'tax-classes', { name: newId(), rate })).status).toBe(400);
  });

  it('offers what is sold on that day, at its price and tax', async () => {
    const { id } = await made({ taxClassId: await aTax('19'), activeFrom: '2031-03-10', activeUntil: '2031-03-20' });
    await priced(id, { validFrom: '2031-03-12' });
    const offer = (day: string, currency = 'EUR', { actor } = mira) =>
      slice.as(actor, () => slice.get(CatalogFacade).offer(id, currency, day));
    expect(await offer('2031-03-20')).toEqual({ name: 'Lamp', amount: 4_900, taxRate: '19.0000' });
    await expect(offer('2031-03-21')).rejects.toMatchObject({ code: 'product_not_sold' });
    await expect(offer('2031-03-11')).rejects.toMatchObject({ code: 'no_price' });
    await expect(offer('2031-03-15', 'USD')).rejects.toMatchObject({ code: 'no_price' });
    await expect(offer('2031-03-15', 'EUR', eve)).rejects.toMatchObject({ code: 'product_unknown' });
  });

  it('is nobody’s in another tenant', async () => {
    const { id } = await made();
    const { body: price } = await priced(id);
    const taxClassId = await aTax('7');
    for (const [method, path, body] of [
      ['GET', `products/${id}`],
      ['PATCH', `products/${id}`, { name: 'Ours' }],
      ['DELETE', `products/${id}`],
      ['GET', `products/${id}/prices`],
      ['POST', `products/${id}/prices`, { currency: 'USD', amount: 1 }],
      ['DELETE', `products/${id}/prices/${price.id}`],
      ['GET', `tax-classes/${taxClassId}`],
      ['PATCH', `tax-classes/${taxClassId}`, { rate: '1' }],
      ['DELETE', `tax-classes/${taxClassId}`],
    ] as const) {
      const { status } = await call(method, path, body, eve);
      expect({ method, path, status }).toEqual({ method, path, status: 404 });
    }
    const theirs = { kind: 'product', sku: aSku(), name: 'x', taxClassId };
    expect((await call('POST', 'products', theirs, eve)).body.code).toBe('tax_class_unknown');
    expect((await call('GET', 'products', undefined, eve)).body.data).toEqual([]);
  });
});
