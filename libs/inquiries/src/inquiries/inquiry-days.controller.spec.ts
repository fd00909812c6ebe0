import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { statementsSent } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const GRANTS = [
  ...['inquiries:read_all', 'inquiries:create', 'inquiries:export', 'customers:read_all', 'customers:create'],
  ...['tenants:manage', 'custom-fields:manage', 'views:use'],
];

describe('The days of a list', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let mira: SignedIn;
  let eve: SignedIn;
  const ids = new Map<string, string>();
  const customers = new Map<string, string>();

  type Method = 'GET' | 'POST' | 'PATCH';
  const call = (method: Method, path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const ask = async (by: SignedIn, customFields?: unknown): Promise<string> => {
    const customerId = customers.get(by.actor.tenantId);
    const body = { customerId, subject: 'Where?', message: 'Late.', customFields };
    return (await call('POST', 'inquiries', body, by)).body.id;
  };
  /** An inquiry that came at that instant. */
  const cameAt = async (instant: string, by = mira): Promise<void> => {
    const id = await ask(by);
    ids.set(id, instant);
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${by.userId}', true);
       update inquiries set created_at = '${instant}' where id = '${id}'; commit`,
    );
  };
  /** When those of this test came that a query of the list finds. */
  const found = async (query: string, by = mira): Promise<string[]> => {
    const { status, body } = await call('GET', `inquiries?limit=100&${query}`, undefined, by);
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    return body.data.flatMap(({ id }: { id: string }) => ids.get(id) ?? []).sort();
  };
  const at = async (now: string, zone: string, otherZone = 'UTC'): Promise<void> => {
    clock.set(new Date(now));
    mira = await signIn(slice, { grants: GRANTS });
    eve = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
    for (const [who, its] of [
      [mira, zone],
      [eve, otherZone],
    ] as const) {
      expect((await call('PATCH', 'tenants/current', { zone: its }, who)).status).toBe(200);
      const { tenantId } = who.actor;
      if (!customers.has(tenantId)) customers.set(tenantId, await slice.as(who.actor, () => aKnownCustomer(slice)));
    }
  };

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, clock });
    await at('2031-03-03T09:00:00Z', 'UTC');
    for (const [key, type] of [
      ['wantedOn', 'date'],
      ['callAt', 'instant'],
    ])
      for (const by of [mira, eve])
        await call('POST', 'custom-fields', { recordKind: 'inquiries', key, label: key, type }, by);
  });
  beforeEach(() => ids.clear());
  afterAll(() => slice?.close());

  it('begin and end with those of the tenant, also with the one of 23 hours', async () => {
    await at('2031-04-01T10:00:00Z', 'Europe/Berlin');
    const moments = ['03-29T22:30', '03-29T23:30', '03-30T21:30', '03-30T22:30'].map((time) => `2031-${time}:00.000Z`);
    for (const moment of moments) await cameAt(moment);
    const [before, first, last, after] = moments;
    expect(await found('createdAt[gte]=last:2d')).toEqual([first, last, after]);
    expect(await found('createdAt[lt]=last:2d')).toEqual([before]);
    expect(await found('createdAt[gte]=2031-03-30&createdAt[lte]=2031-03-30')).toEqual([first, last]);
    expect(await found('createdAt[gt]=2031-03-30')).toEqual([after]);
  });

  it('begin and end with the one of 25 hours, and hours are hours', async () => {
    await at('2031-10-27T10:00:00Z', 'Europe/Berlin');
    const moments = ['25T21:30', '25T22:30', '26T22:30', '26T23:30'].map((time) => `2031-10-${time}:00.000Z`);
    for (const moment of moments) await cameAt(moment);
    const [before, first, last, after] = moments;
    expect(await found('createdAt[gte]=last:1d&createdAt[lte]=last:1d')).toEqual([first, last]);
    expect(await found('createdAt[gte]=last:0d')).toEqual([after]);
    expect(await found('createdAt[lt]=last:36h')).toEqual([before]);
  });

  it('are those of a tenant far to the east, and for another one far to the west its own', async () => {
    await at('2031-06-01T10:30:00Z', 'Pacific/Kiritimati', 'Pacific/Pago_Pago');
    const moments = ['05-31T10:30', '05-31T11:30', '06-01T09:30', '06-01T10:15'].map((time) => `2031-${time}:00.000Z`);
    for (const moment of moments) for (const by of [mira, eve]) await cameAt(moment, by);
    const [, ...sinceMidnight] = moments;
    expect(await found('createdAt[gte]=last:0d')).toEqual([moments[3]]);
    expect(await found('createdAt[gte]=last:0d', eve)).toEqual(sinceMidnight);
    const where = { not: { field: 'createdAt', op: 'lt', value: { last: '0d' } } };
    const { body: sought } = await call('POST', 'inquiries/search', { where, limit: 100 });
    expect(sought.data.flatMap(({ id }: { id: string }) => ids.get(id) ?? [])).toEqual([moments[3]]);
    const view = { resource: 'inquiries', name: newId(), audience: 'private', query: 'createdAt[gte]=last:0d' };
    const { body: saved } = await call('POST', 'views', view);
    expect(await found(`view=${saved.id}`)).toEqual([moments[3]]);
  });

  it('are those of the fields that a company added', async () => {
    await at('2031-06-01T10:30:00Z', 'Pacific/Kiritimati', 'Pacific/Pago_Pago');
    for (const by of [mira, eve])
      for (const day of ['2031-05-31', '2031-06-01', '2031-06-02']) {
        const callAt = `${day}T09:30:00.000Z`;
        ids.set(await ask(by, { wantedOn: day, callAt }), day);
      }
    expect(await found('cf.wantedOn=last:0d')).toEqual(['2031-06-02']);
    expect(await found('cf.wantedOn=last:0d', eve)).toEqual(['2031-05-31']);
    expect(await found('cf.callAt[gte]=last:0d&cf.callAt[lte]=last:0d')).toEqual(['2031-06-02']);
    expect(await found('cf.callAt[gte]=last:0d&cf.callAt[lte]=last:0d', eve)).toEqual(['2031-06-01']);
  });

  it('are asked for by no list that speaks of none', async () => {
    const cost = async (query: string): Promise<number> => {
      const before = statementsSent();
      await found(query);
      return statementsSent() - before;
    };
    await cost('status=new'); // knows who asks from here on
    const plain = await cost('status=new');
    expect(await cost('createdAt[gte]=2031-06-01T00:00:00Z')).toBe(plain);
    expect(await cost('createdAt[gte]=2031-06-01')).toBe(plain + 1);
  });
});
