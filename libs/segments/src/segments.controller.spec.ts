import { type SignedIn, signIn } from '@app/auth/testing';
import { CustomersFacade } from '@app/customers';
import { dealsContexts } from '@app/deals/testing';
import { FixedClock, newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentsContext } from './index.js';

const GRANTS = ['segments:read', 'segments:manage', 'customers:read_all', 'customers:create'];
const SELLING = ['deals:create', 'deals:read_all', 'deals:update_all', 'pipelines:read'];
const BUYING = { field: 'deals.openCount', op: 'gte', value: 1 };

describe('Segments over HTTP', () => {
  let slice: Slice;
  let mira: SignedIn;
  let noah: SignedIn;
  let clerk: SignedIn;
  let eve: SignedIn;
  const clock = new FixedClock(new Date('2031-03-03T09:00:00Z'));

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...dealsContexts, segmentsContext], clock });
    mira = await signIn(slice, { grants: [...GRANTS, ...SELLING] });
    noah = await signIn(slice, { grants: [...GRANTS, 'deals:read_own', 'deals:create', 'pipelines:read'] });
    clerk = await signIn(slice, { grants: GRANTS });
    eve = await signIn(slice, { grants: [...GRANTS, ...SELLING], tenantId: OTHER_TENANT });
  });
  afterAll(() => slice.close());

  type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, { token } = mira, headers = {}) =>
    slice.http(method, `/api/v1/${path}`, { token, body, headers });
  const aCustomer = (of = mira): Promise<string> =>
    slice.as(of.actor, async () => {
      const stranger = { email: `${newId()}@people.example`, name: 'Mira Okafor', source: 'test' };
      return (await slice.get(CustomersFacade).identify(stranger)).customerId;
    });
  const aDeal = async (customerId: string, by = mira): Promise<string> => {
    const { status, body } = await call('POST', 'deals', { name: 'Lamps', customerId }, by);
    expect(status).toBe(201);
    return body.id;
  };
  const saved = async (condition: unknown, by = mira): Promise<string> => {
    const { status, body } = await call('POST', 'segments', { name: newId(), condition }, by);
    expect({ status, body }).toMatchObject({ status: 201, body: { condition, version: 1 } });
    return body.id;
  };
  const members = async (id: string, by = mira): Promise<string[]> => {
    const { status, body } = await call('GET', `segments/${id}/customers?limit=100&count=exact`, undefined, by);
    expect(status).toBe(200);
    expect(body.meta.total).toBe(body.data.length);
    return body.data.map((one: { id: string }) => one.id);
  };

  it('choose by what another context knows, as it stands when asked', async () => {
    const [buyer, other] = [await aCustomer(), await aCustomer()];
    const deal = await aDeal(buyer);
    const id = await saved(BUYING);
    expect(await members(id)).toContain(buyer);
    expect(await members(id)).not.toContain(other);
    expect((await call('POST', `deals/${deal}/win`, {})).status).toBe(200);
    expect(await members(id)).not.toContain(buyer);
    expect(await members(await saved({ not: { field: 'deals.lastWonAt', op: 'null', value: true } }))).toEqual([buyer]);
    expect(await members(await saved({ field: 'deals.lastWonAt', op: 'gte', value: { last: '1d' } }))).toEqual([buyer]);
  });

  it('count what the reader may read, and no more', async () => {
    const buyer = await aCustomer();
    await aDeal(buyer);
    const id = await saved(BUYING);
    expect(await members(id)).toContain(buyer);
    expect(await members(id, noah)).not.toContain(buyer);
    await aDeal(buyer, noah);
    expect(await members(id, noah)).toContain(buyer);
  });

  it('are refused to whom may read none of what they ask for, and so is the condition', async () => {
    const id = await saved({ any: [BUYING, { not: { field: 'status', op: 'eq', value: 'lead' } }] });
    expect(await call('GET', `segments/${id}/customers`, undefined, clerk)).toMatchObject({
      status: 403,
      body: { code: 'segment_out_of_reach', fields: ['deals.openCount'] },
    });
    expect(await call('POST', 'segments/preview', { condition: BUYING }, clerk)).toMatchObject({
      status: 400,
      body: { code: 'invalid_condition', errors: [{ pointer: '/condition/field', code: 'unknown_field' }] },
    });
    const fieldsOf = async (by: SignedIn): Promise<string[]> =>
      (await call('GET', 'segments/fields', undefined, by)).body.data.map(({ name }: { name: string }) => name);
    expect(await fieldsOf(mira)).toEqual(
      expect.arrayContaining(['status', 'tag', 'deals.openCount', 'deals.lastWonAt']),
    );
    expect(await fieldsOf(clerk)).not.toContain('deals.openCount');
  });

  it('are previewed with their number and some of them, and nothing is saved', async () => {
    for (let n = 0; n < 6; n++) await aCustomer();
    const before = (await call('GET', 'segments')).body.meta.total;
    const { status, body } = await call('POST', 'segments/preview', { condition: { all: [] } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ countIsCapped: false });
    expect(body.count).toBeGreaterThanOrEqual(6);
    expect(body.sample).toHaveLength(5);
    expect(body.sample[0]).toMatchObject({ name: 'Mira Okafor', status: 'lead' });
    expect((await call('GET', 'segments')).body.meta.total).toBe(before);
  });

  it.each<[string, unknown, string]>([
    ['no condition', { some: [] }, '/condition'],
    ['an unknown field', { field: 'deals.secret', op: 'eq', value: 1 }, '/condition/field'],
    ['the prototype', { all: [{ field: '__proto__', op: 'eq', value: 1 }] }, '/condition/all/0/field'],
    ['SQL for a field', { field: "status' or 1=1--", op: 'eq', value: 'lead' }, '/condition/field'],
    ['an operator that the type has not', { field: 'deals.openCount', op: 'contains', value: 1 }, '/condition/op'],
    ['a word for a number', { field: 'deals.openCount', op: 'eq', value: 'one' }, '/condition/value'],
    ['a level that there is not', { field: 'level', op: 'eq', value: 'tin' }, '/condition/value'],
  ])('refuse %s by its place', async (_, condition, pointer) => {
    const refused = await call('POST', 'segments', { name: newId(), condition });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('have names of their own, versions, and no existence for others', async () => {
    const name = newId();
    const { body } = await call('POST', 'segments', { name, condition: { all: [] } });
    expect(await call('POST', 'segments', { name, condition: { all: [] } })).toMatchObject({
      status: 409,
      body: { code: 'segment_name_taken' },
    });
    const seen = { 'if-match': '"1"' };
    const edited = await call('PATCH', `segments/${body.id}`, { description: 'All' }, mira, seen);
    expect(edited).toMatchObject({ status: 200, body: { name, description: 'All', version: 2 } });
    expect((await call('PATCH', `segments/${body.id}`, { description: null }, mira, seen)).status).toBe(412);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/customers'],
      ['PATCH', ''],
      ['DELETE', ''],
    ] as const)
      expect((await call(method, `segments/${body.id}${path}`, method === 'PATCH' ? {} : undefined, eve)).status).toBe(
        404,
      );
    expect((await call('DELETE', `segments/${body.id}`)).status).toBe(204);
    expect((await call('GET', `segments/${body.id}`)).status).toBe(404);
  });

  it('hold nobody of another tenant', async () => {
    const theirs = await aCustomer(eve);
    expect(await members(await saved({ all: [] }))).not.toContain(theirs);
  });

  it('move on with the days that their condition speaks of', async () => {
    const buyer = await aCustomer();
    expect((await call('POST', `deals/${await aDeal(buyer)}/win`, {})).status).toBe(200);
    const id = await saved({ field: 'deals.lastWonAt', op: 'gte', value: { last: '1d' } });
    expect(await members(id)).toContain(buyer);
    clock.advance(3 * 86_400_000);
    const later = await signIn(slice, { grants: [...GRANTS, ...SELLING] });
    expect(await members(id, later)).toEqual([]);
  });

  it('want the permission', async () => {
    const without = await signIn(slice, { grants: ['customers:read_all', 'segments:read'] });
    const refused = await call('POST', 'segments', { name: newId(), condition: { all: [] } }, without);
    expect(refused).toMatchObject({ status: 403, body: { permission: 'segments:manage' } });
  });
});
