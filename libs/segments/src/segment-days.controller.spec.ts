import { type SignedIn, signIn } from '@app/auth/testing';
import { customersContexts } from '@app/customers/testing';
import { FixedClock, newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { segmentsContext } from './index.js';

const GRANTS = [
  ...['segments:read', 'segments:manage', 'customers:read_all', 'customers:create', 'tenants:manage'],
  ...['custom-fields:read', 'custom-fields:manage'],
];

type Method = 'GET' | 'POST' | 'PATCH';

describe('The days of a segment', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let mira: SignedIn;
  let eve: SignedIn;
  const ids = new Map<string, string>();

  const call = (method: Method, path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const aCustomer = async (customFields: unknown, by = mira): Promise<string> =>
    (await call('POST', 'customers', { firstName: 'Mira', customFields }, by)).body.id;
  /** A customer who came at that instant. */
  const cameAt = async (instant: string, by = mira): Promise<void> => {
    const id = await aCustomer({}, by);
    ids.set(id, instant);
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${by.userId}', true);
       update customers set created_at = '${instant}' where id = '${id}'; commit`,
    );
  };
  /** When those of this test came who belong to it. */
  const arrivals = async (path: string, by = mira): Promise<string[]> => {
    const { status, body } = await call('GET', path, undefined, by);
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    return body.data.flatMap(({ id }: { id: string }) => ids.get(id) ?? []).sort();
  };
  const saved = async (condition: unknown, by = mira): Promise<string> =>
    (await call('POST', 'segments', { name: newId(), condition }, by)).body.id;
  const chosen = async (condition: unknown, by = mira): Promise<string[]> =>
    arrivals(`segments/${await saved(condition, by)}/customers`, by);
  const came = (op: string, value: unknown) => ({ field: 'createdAt', op, value });
  const at = async (now: string, zone: string, otherZone = 'UTC'): Promise<void> => {
    clock.set(new Date(now));
    mira = await signIn(slice, { grants: GRANTS });
    eve = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
    expect((await call('PATCH', 'tenants/current', { zone })).status).toBe(200);
    expect((await call('PATCH', 'tenants/current', { zone: otherZone }, eve)).status).toBe(200);
  };

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...customersContexts, segmentsContext], clock });
    await at('2031-03-03T09:00:00Z', 'UTC');
    for (const by of [mira, eve]) {
      const field = { recordKind: 'customers', key: 'since', label: 'Since', type: 'date' };
      expect((await call('POST', 'custom-fields', field, by)).status).toBe(201);
    }
  });
  beforeEach(() => ids.clear());
  afterAll(() => slice?.close());

  it('begin and end with those of the tenant, also with the one of 23 hours', async () => {
    await at('2031-04-01T10:00:00Z', 'Europe/Berlin');
    const moments = ['03-29T22:30', '03-29T23:30', '03-30T21:30', '03-30T22:30'].map((time) => `2031-${time}:00.000Z`);
    for (const moment of moments) await cameAt(moment);
    const [before, first, last, after] = moments;
    expect(await chosen(came('gte', { last: '2d' }))).toEqual([first, last, after]);
    expect(await chosen(came('lt', { last: '2d' }))).toEqual([before]);
    expect(await chosen(came('lte', { last: '2d' }))).toEqual([before, first, last]);
    expect(await chosen(came('gte', { last: '1d' }))).toEqual([after]);
  });

  it('begin and end with the one of 25 hours, and hours are hours', async () => {
    await at('2031-10-27T10:00:00Z', 'Europe/Berlin');
    const moments = ['25T21:30', '25T22:30', '26T22:30', '26T23:30'].map((time) => `2031-10-${time}:00.000Z`);
    for (const moment of moments) await cameAt(moment);
    const [before, first, last, after] = moments;
    expect(await chosen({ all: [came('gte', { last: '1d' }), came('lte', { last: '1d' })] })).toEqual([first, last]);
    expect(await chosen(came('gte', { last: '0d' }))).toEqual([after]);
    expect(await chosen(came('lt', { last: '36h' }))).toEqual([before]);
    expect(await chosen(came('gte', '2031-10-26'))).toEqual([first, last, after]);
  });

  it('are those of a tenant far to the east, and for another one far to the west its own', async () => {
    await at('2031-06-01T10:30:00Z', 'Pacific/Kiritimati', 'Pacific/Pago_Pago');
    const moments = ['05-31T10:30', '05-31T11:30', '06-01T09:30', '06-01T10:15'].map((time) => `2031-${time}:00.000Z`);
    for (const moment of moments) for (const by of [mira, eve]) await cameAt(moment, by);
    const today = came('gte', { last: '0d' });
    const [earlier, ...sinceMidnight] = moments;
    expect(await chosen(today)).toEqual([moments[3]]);
    expect(await chosen(today, eve)).toEqual(sinceMidnight);
    expect(await chosen({ not: today }, eve)).toEqual([earlier]);
    const everybody = await saved({ all: [] });
    expect(await arrivals(`segments/${everybody}/customers?createdAt[gte]=last:0d`)).toEqual([moments[3]]);
    const { body } = await call('POST', 'segments/preview', {
      condition: { all: [today, came('lt', { next: '1d' })] },
    });
    expect(body).toMatchObject({ count: 1 });
  });

  it('are those that fields of the company name', async () => {
    await at('2031-06-01T10:30:00Z', 'Pacific/Kiritimati', 'Pacific/Pago_Pago');
    for (const [day, by] of ['2031-05-31', '2031-06-01', '2031-06-02'].flatMap((one) => [
      [one, mira] as const,
      [one, eve] as const,
    ]))
      ids.set(await aCustomer({ since: day }, by), day);
    const today = { field: 'cf.since', op: 'eq', value: { last: '0d' } };
    expect(await chosen(today)).toEqual(['2031-06-02']);
    expect(await chosen(today, eve)).toEqual(['2031-05-31']);
  });

  it('are those of the zone that the tenant has now', async () => {
    await at('2031-09-01T22:30:00Z', 'UTC');
    await cameAt('2031-09-01T12:00:00.000Z');
    const id = await saved(came('gte', { last: '0d' }));
    expect(await arrivals(`segments/${id}/customers`)).toHaveLength(1);
    await call('PATCH', 'tenants/current', { zone: 'Asia/Kolkata' });
    expect(await arrivals(`segments/${id}/customers`)).toEqual([]);
  });
});
