import { tokenFor } from '@app/approvals/testing';
import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { Schedules } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dealsContexts } from '../testing.js';

const GRANTS = [
  'deals:read_all',
  'deals:create',
  'deals:update_all',
  'deals:assign_all',
  'deals:reopen_all',
  'pipelines:read',
];
const HOUR = 3_600_000;

/** In Kiritimati a day is over fourteen hours before it is in Greenwich. */
const ZONE = 'Pacific/Kiritimati';

describe('What is told of deals over time', () => {
  let slice: Slice;
  let workers: Slice[] = [];
  let [mira, noah]: SignedIn[] = [];
  let stages: string[];
  const team = newId();
  const clock = new FixedClock(new Date('2031-03-15T09:00:00Z'));

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts, clock });
    const beside = { database: slice.database, config: slice.config };
    const worker = () => bootSlice({ contexts: dealsContexts, app: 'worker', clock, beside });
    workers = await Promise.all([worker(), worker()]);
    mira = await signIn(slice, { grants: GRANTS, teams: [team] });
    noah = await signIn(slice, { grants: ['deals:read_own', 'deals:create'] });
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${newId()}', true); update tenants set zone = '${ZONE}'; commit`,
    );
    await workers[0]!.as(mira.actor, () => workers[0]!.get(Schedules).ensure(clock.now(), ZONE));
    await call('POST', 'deals', { name: 'The first' });
    const { body } = await call('GET', 'pipelines');
    stages = body.data[0].stages.map(({ id }: { id: string }) => id);
  });
  beforeEach(async () => {
    await slice.empty('deals', 'forecast_snapshots');
    clock.set(new Date('2031-03-15T09:00:00Z'));
    await anew();
  });
  afterAll(async () => {
    for (const worker of workers) await worker.close();
    await slice?.close();
  });

  const call = (method: 'GET' | 'POST', path: string, body?: unknown, who = mira) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body });
  const aDeal = async (over: object = {}, who = mira): Promise<string> => {
    const given = { name: newId(), amount: 1_000, expectedCloseDate: '2031-03-31', ...over };
    const { status, body } = await call('POST', 'deals', given, who);
    expect(status).toBe(201);
    return body.id;
  };
  /** Everybody logs in anew: no token lives that long. */
  const anew = async (): Promise<void> => {
    mira = { ...mira!, token: await tokenFor(slice, mira!.actor) };
    noah = { ...noah!, token: await tokenFor(slice, noah!.actor) };
  };
  const after = (hours: number): Promise<void> => {
    clock.advance(hours * HOUR);
    return anew();
  };

  it('are days and months of the tenant’s zone', async () => {
    clock.set(new Date('2031-03-31T12:00:00Z')); // the second hour of April there
    await anew();
    await call('POST', `deals/${await aDeal()}/win`);
    const { body } = await call('GET', 'deals/forecast');
    expect(body).toMatchObject({ from: '2031-04-01', groups: [{ key: '2031-04', won: 1_000 }] });
    expect((await call('GET', 'deals/forecast?from=2031-03-01&to=2031-03-31')).body.total.won).toBe(0);
  });

  describe('are snapshots of the forecast', () => {
    const tick = async (): Promise<void> => {
      await slice.superuser.query(
        `update schedules set next_run_at = now() - interval '1 minute' where name = 'deals.snapshot-forecast'`,
      );
      await Promise.all(workers.map((worker) => worker.get(Schedules).sweep()));
      await workers[0]!.settled();
    };
    const kept = async (query = '', who = mira) =>
      (await call('GET', `deals/forecast/snapshots${query}`, undefined, who)).body.data;

    it('kept at the end of the tenant’s day, once, however many workers there are', async () => {
      await aDeal({ stageId: stages[0] });
      await aDeal({ stageId: stages[2], amount: 4_000 });
      await aDeal({ stageId: stages[2], amount: 8_000, currency: 'JPY', expectedCloseDate: '2031-05-01' });
      await call('POST', `deals/${await aDeal({ amount: 16_000 })}/win`);
      await aDeal({ expectedCloseDate: '2032-03-01' }); // beyond the twelve months
      await tick();
      const march = {
        month: '2031-03',
        currency: 'EUR',
        won: 16_000,
        commit: 20_000,
        bestCase: 20_000,
        pipeline: 21_000,
      };
      const may = { month: '2031-05', currency: 'JPY', won: 0, commit: 8_000, pipeline: 8_000, weighted: 6_000 };
      const whose = { day: '2031-03-15', ownerId: mira!.userId, teamId: team };
      const rows = await kept();
      expect(rows).toHaveLength(2);
      expect(rows).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ ...whose, ...march, weighted: 19_100, deals: 3 }),
          expect.objectContaining({ ...whose, ...may, deals: 1 }),
        ]),
      );
      await aDeal({ amount: 1 });
      await tick();
      expect(await kept()).toEqual(rows);
      const zones = await slice.superuser.query(
        `select zone, cron from schedules where name = 'deals.snapshot-forecast'`,
      );
      expect(zones.rows).toEqual([{ zone: ZONE, cron: '50 23 * * *' }]);
    });

    it('of each day as it was, and shown as far as one may see', async () => {
      await aDeal({}, mira);
      await aDeal({ amount: 5 }, noah);
      await tick();
      await after(24);
      await tick();
      expect((await kept('?sort=day')).map(({ day }: { day: string }) => day)).toEqual([
        ...['2031-03-15', '2031-03-15', '2031-03-16', '2031-03-16'],
      ]);
      expect(await kept(`?day=2031-03-16&ownerId=${noah!.userId}`)).toMatchObject([{ pipeline: 5 }]);
      expect((await kept('', noah)).map(({ ownerId }: { ownerId: string }) => ownerId)).toEqual([
        noah!.userId,
        noah!.userId,
      ]);
    });

    it('which nobody rewrites', async () => {
      const change = slice.as(mira!.actor, () => slice.db.query('update forecast_snapshots set won = 0'));
      await expect(change).rejects.toMatchObject({ code: '42501' });
    });
  });

  describe('is how fast deals go', () => {
    const move = (id: string, to: number) => call('POST', `deals/${id}/stage`, { stageId: stages[to] });

    it('through each stage, and what became of them', async () => {
      const [won, lost, back, stays] = [await aDeal(), await aDeal(), await aDeal(), await aDeal()];
      await after(10);
      for (const id of [won, lost, back, stays]) await move(id, 1);
      await after(20);
      await call('POST', `deals/${won}/win`);
      await call('POST', `deals/${lost}/lose`, { reason: 'No budget' });
      await move(back, 0);
      const { body } = await call('GET', 'deals/velocity');
      expect(body).toMatchObject({
        to: '2031-03-17',
        won: 1,
        lost: 1,
        winRate: 50,
        medianSecondsToWin: (30 * HOUR) / 1000,
      });
      const seconds = (hours: number) => ({
        medianSeconds: hours * 3600,
        averageSeconds: hours * 3600,
        slowSeconds: hours * 3600,
      });
      expect(body.stages).toMatchObject([
        { name: 'Qualification', left: 4, wentOn: 4, won: 0, lost: 0, conversion: 100, ...seconds(10) },
        { name: 'Proposal', left: 3, wentOn: 1, won: 1, lost: 1, conversion: 33.3, ...seconds(20) },
        { name: 'Negotiation', left: 0, wentOn: 0, conversion: null, medianSeconds: null, slowSeconds: null },
      ]);
    });

    it('without the time for which a deal was over', async () => {
      const id = await aDeal();
      await after(1);
      await call('POST', `deals/${id}/lose`, { reason: 'No budget' });
      await after(100);
      await call('POST', `deals/${id}/reopen`, { reason: 'They found some' });
      await after(3);
      await call('POST', `deals/${id}/win`);
      const { body } = await call('GET', 'deals/velocity');
      expect(body.stages[0]).toMatchObject({ left: 2, won: 1, lost: 1, averageSeconds: 2 * 3600 });
    });

    it('of a period, a person and what one may see', async () => {
      const [mine, theirs] = [await aDeal(), await aDeal({}, noah)];
      await after(1);
      await call('POST', `deals/${mine}/win`);
      await call('POST', `deals/${theirs}/win`);
      const wonBy = async (query: string, who = mira): Promise<number> =>
        (await call('GET', `deals/velocity?${query}`, undefined, who)).body.won;
      expect(await wonBy('')).toBe(2);
      expect(await wonBy(`ownerId=${noah!.userId}`)).toBe(1);
      expect(await wonBy('', noah)).toBe(1);
      expect(await wonBy('to=2031-03-14')).toBe(0);
      expect((await call('GET', `deals/velocity?pipelineId=${newId()}`)).body.code).toBe('pipeline_unknown');
      expect((await call('GET', 'deals/velocity?from=yesterday')).status).toBe(400);
    });
  });
});
