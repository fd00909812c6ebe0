import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dealsContexts } from '../testing.js';

const EVERYTHING = [
  ...['deals:read_all', 'deals:create', 'deals:update_all', 'pipelines:read', 'pipelines:manage'],
  ...['catalog:read', 'catalog:manage'],
];

describe('The lines of a deal', () => {
  let slice: Slice;
  let mira: SignedIn;
  const clock = new FixedClock(new Date('2031-03-15T09:00:00Z'));

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts, clock });
    mira = await signIn(slice, { grants: EVERYTHING });
  });
  afterAll(() => slice.close());

  type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const aDeal = async (over: object = {}): Promise<string> =>
    (await call('POST', 'deals', { name: 'Outing', ...over })).body.id;
  const add = (deal: string, over: object = {}) =>
    call('POST', `deals/${deal}/items`, { name: 'Tour', quantity: '1', unitAmount: 4_900, ...over });
  const aProduct = async (): Promise<string> => {
    const tax = (await call('POST', 'tax-classes', { name: newId(), rate: '19' })).body.id;
    const product = { kind: 'product', sku: newId().toUpperCase(), name: 'Lamp', taxClassId: tax };
    const { id } = (await call('POST', 'products', product)).body;
    await call('POST', `products/${id}/prices`, { currency: 'EUR', amount: 999 });
    return id;
  };

  it('say what was offered: name, price and tax of the catalog of today, and the deal is worth their sum', async () => {
    const [deal, productId] = [await aDeal({ amount: 5 }), await aProduct()];
    const { status, body } = await call('POST', `deals/${deal}/items`, { productId, quantity: '2.5' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ productId, name: 'Lamp', unitAmount: 999, taxRate: '19.0000', discountPercent: '0.00', billing: 'once' },
      ...{ quantity: '2.500', netAmount: 2_498, taxAmount: 475, position: 1, version: 1 },
    });
    await add(deal, { quantity: '3', discountPercent: '10', billing: 'monthly' });
    expect((await call('GET', `deals/${deal}`)).body).toMatchObject({ amount: 2_498 + 13_230, itemCount: 2 });
    const { body: list } = await call('GET', `deals/${deal}/items`);
    expect(list.data).toMatchObject([{ name: 'Lamp' }, { name: 'Tour', netAmount: 13_230, billing: 'monthly' }]);
    expect((await call('DELETE', `products/${productId}`)).body.code).toBe('product_in_use');
    expect((await call('PATCH', `products/${productId}`, { name: 'Lantern' })).status).toBe(200);
    expect((await call('GET', `deals/${deal}/items`)).body.data[0].name).toBe('Lamp');
  });

  it.each([
    [{ quantity: '0' }, 400],
    [{ quantity: '1.2345' }, 400],
    [{ quantity: 2 }, 400],
    [{ quantity: '-1' }, 400],
    [{ unitAmount: 1.5 }, 400],
    [{ discountPercent: '100.01' }, 400],
    [{ taxRate: '7,5' }, 400],
    [{ billing: 'weekly' }, 400],
    [{ netAmount: 1 }, 400],
    [{ unitAmount: undefined }, 400],
    [{ productId: newId() }, 422],
    [{ quantity: '999999', unitAmount: 999_999_999_999 }, 422],
  ])('are refused where they make no sense: %j', async (over, status) => {
    const deal = await aDeal();
    expect((await add(deal, over)).status).toBe(status);
    expect((await call('GET', `deals/${deal}`)).body).toMatchObject({ amount: null, itemCount: 0, version: 1 });
  });

  it('are of the deal’s currency, which stays as long as it has some, as does its amount', async () => {
    const [deal, productId] = [await aDeal({ currency: 'USD' }), await aProduct()];
    expect((await call('POST', `deals/${deal}/items`, { productId, quantity: '1' })).body.code).toBe('no_price');
    await add(deal);
    for (const change of [{ amount: 1 }, { currency: 'EUR' }])
      expect((await call('PATCH', `deals/${deal}`, change)).body).toMatchObject({
        status: 422,
        code: 'follows_from_items',
      });
    expect((await call('PATCH', `deals/${deal}`, { name: 'Trip' })).status).toBe(200);
  });

  it('count each, however many are added at once', async () => {
    const deal = await aDeal();
    const answers = await Promise.all(Array.from({ length: 10 }, () => add(deal, { unitAmount: 100 })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect((await call('GET', `deals/${deal}`)).body).toMatchObject({ amount: 1_000, itemCount: 10 });
  });

  it('are changed by whoever saw them, and taken out', async () => {
    const deal = await aDeal();
    const { body: line } = await add(deal);
    const headers = { 'if-match': '"1"' };
    const edit = (body: object) =>
      slice.http('PATCH', `/api/v1/deals/${deal}/items/${line.id}`, { token: mira.token, body, headers });
    expect((await edit({ quantity: '2' })).body).toMatchObject({ netAmount: 9_800, version: 2 });
    expect((await edit({ quantity: '3' })).status).toBe(412);
    expect((await call('GET', `deals/${deal}`)).body.amount).toBe(9_800);
    const other = await aDeal();
    expect((await call('DELETE', `deals/${other}/items/${line.id}`)).status).toBe(404);
    expect((await call('DELETE', `deals/${deal}/items/${line.id}`)).status).toBe(204);
    expect((await call('GET', `deals/${deal}`)).body).toMatchObject({ amount: 9_800, itemCount: 0 });
  });

  it('are asked for by a stage, and stay as long as it asks', async () => {
    const stages = [
      { name: 'First', position: 1, probability: 10 },
      { name: 'Offer', position: 2, probability: 50, requires: ['items'] },
    ];
    const { body: pipeline } = await call('POST', 'pipelines', { name: newId(), currency: 'EUR', stages });
    const deal = await aDeal({ pipelineId: pipeline.id });
    const stageId = pipeline.stages[1].id;
    expect((await call('POST', `deals/${deal}/stage`, { stageId })).body).toMatchObject({
      ...{ code: 'stage_demands', errors: [{ pointer: '/items' }] },
    });
    const { body: line } = await add(deal);
    expect((await call('POST', `deals/${deal}/stage`, { stageId })).status).toBe(200);
    expect((await call('DELETE', `deals/${deal}/items/${line.id}`)).body.code).toBe('stage_demands');
    await call('POST', `deals/${deal}/win`);
    expect((await add(deal)).body.code).toBe('deal_not_open');
  });

  it('are only there for whoever may see and change the deal', async () => {
    const deal = await aDeal();
    const { body: line } = await add(deal);
    const eve = await signIn(slice, { grants: EVERYTHING, tenantId: OTHER_TENANT });
    const noah = await signIn(slice, { grants: ['deals:read_own', 'deals:update_own'] });
    for (const one of [eve, noah]) {
      expect((await call('GET', `deals/${deal}/items`, undefined, one)).status).toBe(404);
      expect((await call('POST', `deals/${deal}/items`, { name: 'x', quantity: '1', unitAmount: 1 }, one)).status).toBe(
        404,
      );
      expect((await call('DELETE', `deals/${deal}/items/${line.id}`, undefined, one)).status).toBe(404);
    }
  });
});
