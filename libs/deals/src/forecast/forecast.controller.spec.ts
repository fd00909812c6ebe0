import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dealsContexts } from '../testing.js';

const EVERYTHING = [
  ...['deals:read_all', 'deals:create', 'deals:update_all', 'deals:assign_all', 'deals:reopen_all'],
  ...['pipelines:read', 'exchange-rates:read', 'exchange-rates:manage'],
];
const NOTHING = { won: 0, commit: 0, bestCase: 0, pipeline: 0, weighted: 0, deals: 0 };

type Stage = { id: string; name: string };

describe('The forecast', () => {
  let slice: Slice;
  let mira: SignedIn;
  let stages: Stage[];
  const clock = new FixedClock(new Date('2031-03-15T09:00:00Z'));

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts, clock });
    mira = await signIn(slice, { grants: EVERYTHING });
    await post('deals', { name: 'The first' });
    stages = (await get('pipelines')).body.data[0].stages;
  });
  beforeEach(() => slice.empty('deals', 'exchange_rates'));
  afterAll(() => slice.close());

  const post = (path: string, body?: unknown, { token } = mira) =>
    slice.http('POST', `/api/v1/${path}`, { token, body });
  const get = (path: string, { token } = mira) => slice.http('GET', `/api/v1/${path}`, { token });
  const forecast = async (query = '', one = mira) => (await get(`deals/forecast${query}`, one)).body;
  /** Stages: 0 of the pipeline at 10 %, 1 best case at 40 %, 2 commit at 75 %. */
  const aDeal = async (at: number, amount: number, over: object = {}, one = mira): Promise<string> => {
    const given = { name: 'Lamps', stageId: stages[at]!.id, amount, expectedCloseDate: '2031-03-31', ...over };
    const { status, body } = await post('deals', given, one);
    expect(status).toBe(201);
    return body.id;
  };
  const aRate = (currency: string, rate: string, day = '2031-01-01', base = 'EUR') =>
    post('exchange-rates', { base, currency, rate, day });

  it('adds up commit, best case and pipeline, each with those before it, and weighs what is open', async () => {
    await aDeal(0, 1_000);
    await aDeal(1, 2_000);
    await aDeal(2, 4_000);
    await post(`deals/${await aDeal(1, 8_000)}/win`);
    await post(`deals/${await aDeal(1, 16_000)}/lose`, { reason: 'No budget' });
    const sums = { won: 8_000, commit: 12_000, bestCase: 14_000, pipeline: 15_000, deals: 4 };
    const weighted = 8_000 + 100 + 800 + 3_000;
    expect(await forecast()).toEqual({
      ...{ currency: 'EUR', from: '2031-03-01', to: '2031-05-31', groupBy: 'month', unconverted: [] },
      groups: [{ key: '2031-03', ...sums, weighted }],
      total: { ...sums, weighted },
    });
  });

  it('tells each period of what is expected or was won in it, to the day', async () => {
    await aDeal(0, 1, { expectedCloseDate: '2031-03-31' });
    await aDeal(0, 10, { expectedCloseDate: '2031-04-01' });
    await aDeal(0, 100, { expectedCloseDate: null });
    await post(`deals/${await aDeal(0, 1_000, { expectedCloseDate: '2031-12-31' })}/win`);
    const { groups } = await forecast('?from=2031-03-01&to=2031-04-30');
    expect(groups).toMatchObject([
      { key: '2031-03', won: 1_000, pipeline: 1_001 },
      { key: '2031-04', won: 0, pipeline: 10 },
    ]);
    expect((await forecast('?from=2031-03-15&to=2031-03-15')).total).toMatchObject({ won: 1_000, pipeline: 1_000 });
    expect((await forecast('?from=2031-03-16&to=2031-03-30')).total).toEqual(NOTHING);
  });

  it('converts a won deal by the rate of its day, whatever comes later, and an open one by that of today', async () => {
    await aRate('USD', '0.5');
    await post(`deals/${await aDeal(0, 1_000, { currency: 'USD' })}/win`);
    await aRate('USD', '0.75', '2031-03-16');
    await aRate('USD', '9', '2031-03-18');
    await aDeal(2, 1_000, { currency: 'USD' });
    expect((await forecast()).total).toMatchObject({ won: 500, commit: 1_000 });
    clock.set(new Date('2031-03-16T00:00:00Z'));
    const later = await signIn(slice, { grants: EVERYTHING });
    expect((await forecast('', later)).total).toMatchObject({ won: 500, commit: 1_250 });
    clock.set(new Date('2031-03-15T09:00:00Z'));
  });

  it('knows how many digits a currency has', async () => {
    await aRate('JPY', '0.006');
    await aRate('KWD', '3');
    await aDeal(2, 1_000, { currency: 'JPY' }); // 1,000 yen: 6.00 euros
    await aDeal(2, 1_000, { currency: 'KWD' }); // 1.000 dinar: 3.00 euros
    expect((await forecast()).total.commit).toBe(600 + 300);
  });

  it('rounds halves away from zero once a sum, and its parts are its whole', async () => {
    await aRate('USD', '0.1');
    for (let n = 0; n < 3; n++) await aDeal(2, 5, { currency: 'USD' });
    await aDeal(2, 5, { currency: 'USD', expectedCloseDate: '2031-04-02' });
    const { groups, total } = await forecast();
    expect(groups.map(({ commit }: { commit: number }) => commit)).toEqual([2, 1]); // 1.5 and 0.5
    expect(total.commit).toBe(3);
  });

  it('leaves out of its sums what no rate is known for, and says so', async () => {
    await aDeal(2, 700, { currency: 'CHF' });
    await aDeal(2, 300, { currency: 'CHF' });
    await aDeal(2, 50);
    const { total, unconverted } = await forecast();
    expect(total).toMatchObject({ commit: 50, deals: 1 });
    expect(unconverted).toEqual([{ currency: 'CHF', amount: 1_000, deals: 2 }]);
    await aRate('CHF', '1.05', '2031-03-16');
    expect((await forecast()).unconverted).toHaveLength(1); // known tomorrow
  });

  it('is told by owner, team and pipeline, and in another currency', async () => {
    const noah = await signIn(slice, { grants: [] });
    await aDeal(2, 100);
    await aDeal(2, 200, { ownerId: noah.userId });
    await aDeal(2, 400, { ownerId: null });
    const groups = (await forecast('?groupBy=owner')).groups as { key: string | null; commit: number }[];
    expect(new Map(groups.map(({ key, commit }) => [key, commit]))).toEqual(
      new Map([
        [mira.userId, 100],
        [noah.userId, 200],
        [null, 400],
      ]),
    );
    expect((await forecast(`?ownerId=${noah.userId}`)).total.commit).toBe(200);
    expect((await forecast('?groupBy=team')).groups).toMatchObject([{ key: null, commit: 700 }]);
    await aRate('EUR', '2', '2031-01-01', 'USD');
    const inDollars = await forecast('?currency=USD&groupBy=pipeline');
    expect(inDollars).toMatchObject({ currency: 'USD', total: { commit: 1_400 } });
  });

  it('tells nobody of what they may not see', async () => {
    const noah = await signIn(slice, { grants: ['deals:read_own', 'deals:create'] });
    await aDeal(2, 100);
    await aDeal(2, 7, {}, noah);
    expect((await forecast('', noah)).total.commit).toBe(7);
  });

  it.each([
    ['?from=2031-13-01', 400],
    ['?to=tomorrow', 400],
    ['?currency=XXX', 400],
    ['?groupBy=mood', 400],
    ['?colour=red', 400],
    ['?from=2031-04-01&to=2031-03-01', 422],
    ['?from=2031-01-01&to=2041-01-01', 422],
    [`?pipelineId=${newId()}`, 422],
  ])('is not asked for what makes no sense: %s', async (query, status) => {
    expect((await get(`deals/forecast${query}`)).status).toBe(status);
  });

  describe('by its rates', () => {
    it('that are written once a day, and removed where they are wrong', async () => {
      const { status, body } = await aRate('USD', '0.8615');
      expect(status).toBe(201);
      expect(body).toMatchObject({ base: 'EUR', currency: 'USD', day: '2031-01-01', createdBy: mira.userId });
      expect(Number(body.rate)).toBe(0.8615);
      expect((await aRate('USD', '0.9')).body).toMatchObject({ status: 409, code: 'exchange_rate_known' });
      expect((await aRate('EUR', '1')).body).toMatchObject({ status: 422, code: 'same_currency' });
      const { body: list } = await get('exchange-rates?currency=USD');
      expect(list.data).toEqual([body]);
      const removed = await slice.http('DELETE', `/api/v1/exchange-rates/${body.id}`, { token: mira.token });
      expect(removed.status).toBe(204);
      expect((await aRate('USD', '0.9')).status).toBe(201);
    });

    it.each(['0', '0.000', '-1', '1,5', '1e3', 'NaN', '0.1234567890123', 1.5])('of which %j is none', async (rate) => {
      expect((await post('exchange-rates', { base: 'EUR', currency: 'USD', day: '2031-01-01', rate })).status).toBe(
        400,
      );
    });

    it('that nobody may rewrite', async () => {
      await aRate('USD', '0.5');
      const rewrite = slice.as(mira.actor, () =>
        slice.db.query('update exchange_rates set rate = 1 where tenant_id = app_tenant()'),
      );
      await expect(rewrite).rejects.toMatchObject({ code: '42501' });
    });
  });
});
