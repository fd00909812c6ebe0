import { ensureTenant } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Database, parseListQuery, type RawQuery } from '@app/platform';
import { anActor, bootSlice, fillWithRows, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BoardQueries } from '../board/board.queries.js';
import { Places } from '../board/places.js';
import { ForecastQueries } from '../forecast/forecast.queries.js';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';
import { aKnownCustomer, dealsContexts } from '../testing.js';
import { DealList } from './deals.list.js';
import { DealsQueries } from './deals.queries.js';
import { DealsTimeline } from './deals.timeline.js';

const ROWS = 40_000;

describe('The list of 40,000 deals', () => {
  let slice: Slice;
  let pipelineId: string;
  let stages: string[];
  let customerId: string;
  const boss = anActor(['deals:read_all', 'customers:read_all']);
  const clerk = anActor(['deals:read_own'], { teams: [newId()] });
  const leader = anActor(['deals:read_team'], { teams: [newId()] });

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts });
    await ensureTenant(slice);
    await slice.as(boss, async () => {
      customerId = await aKnownCustomer(slice);
      pipelineId = (await slice.get(PipelinesQueries).named()).id;
    });
    const found = await slice.superuser.query<{ id: string }>('select id from pipeline_stages order by position');
    stages = found.rows.map(({ id }) => id);
    await slice.superuser.query(`set session app.actor_id = '${boss.id}'; alter table deals disable trigger user`);
    await fillWithRows(slice.superuser, ['deals', 'deal_moves'], ROWS, (first, last) =>
      slice.superuser.query(
        `with begun as (insert into deals (tenant_id, id, name, pipeline_id, stage_id, rank, status, amount, currency, probability,
           expected_close_date, customer_id, created_by, stage_entered_at, closed_at, created_at)
         select $1, gen_random_uuid(), 'Offer ' || md5(n::text), $2, ($3::uuid[])[1 + n % 3], 'i' || lpad(n::text, 7, '0'),
           case n % 4 when 0 then 'open' else 'won' end, n, 'EUR', 10, date '2026-01-01' + n % 2000,
           case when n % 1000 = 0 then $4::uuid end, $5, now(), case n % 4 when 0 then null else now() - make_interval(hours => n) end,
           now() - make_interval(secs => n)
         from generate_series($6::int, $7::int) n returning *)
         insert into deal_moves (tenant_id, deal_id, version, kind, pipeline_id, stage_id, stage_name, status, amount, currency,
           probability, moved_by, moved_at)
         select tenant_id, id, 1, 'created', pipeline_id, stage_id, 'Stage', status, amount, currency, probability, created_by,
           created_at from begun`,
        [TENANT, pipelineId, stages, customerId, newId(), first, last],
      ),
    );
  }, 120_000);
  afterAll(() => slice.close());

  /** The plans of the statements that read deals, made as the application role and under the tenant's policy. */
  async function plansOf(ask: () => Promise<unknown>, actor = boss): Promise<string> {
    const db = slice.get(Database);
    const query = vi.spyOn(db, 'query');
    try {
      return await slice.as(actor, async () => {
        await ask();
        const asked = query.mock.calls.filter(([sql]) => sql.includes('deals d'));
        expect(asked.length).toBeGreaterThan(0);
        const plans: string[] = [];
        for (const [text, values] of asked) {
          const plan = await db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
          plans.push(...plan.map((line) => line['QUERY PLAN']));
        }
        return plans.join('\n');
      });
    } finally {
      query.mockRestore();
    }
  }

  const list = (raw: RawQuery) => () =>
    slice.get(DealsQueries).list(parseListQuery({ count: 'none', cursor: '', ...raw }, DealList));

  it.each<[string, () => RawQuery, string]>([
    ['the newest', () => ({}), 'deals_by_creation'],
    ['a status', () => ({ status: 'lost' }), 'deals_by_status'],
    ['a stage', () => ({ stageId: stages[0] }), 'deals_of_stage'],
    ['a customer', () => ({ customerId }), 'deals_of_customer'],
    ['the largest', () => ({ sort: '-amount' }), 'deals_by_amount'],
    ['the next to be closed', () => ({ sort: 'expectedCloseDate' }), 'deals_by_expected_close'],
    ['the last closed', () => ({ sort: '-closedAt' }), 'deals_by_closing'],
    ['a column of the board', () => ({ stageId: stages[1], status: 'open', sort: 'rank' }), 'deals_on_board'],
    ['nobody’s', () => ({ 'ownerId[null]': 'true' }), 'deals_by_'],
  ])('reads %s by an index', async (_, raw, index) => {
    const plan = await plansOf(list(raw()));
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan on deals');
  });

  it.each([
    ['one’s own', clerk],
    ['a team’s', leader],
  ])('reads %s by indexes', async (_, actor) => {
    const plan = await plansOf(list({}), actor);
    expect(plan).not.toContain('Seq Scan on deals');
  });

  it('searches by an index', async () => {
    const { rows } = await slice.superuser.query<{ word: string }>('select substr(md5(12345::text), 1, 12) as word');
    await slice.as(boss, () =>
      slice.db.transaction(async () => {
        const found = await slice.get(DealsQueries).list(parseListQuery({ q: rows[0]!.word }, DealList));
        expect(found.data).toHaveLength(1);
        const scans = await slice.db.one("select pg_stat_get_xact_numscans('deals_text'::regclass)::int as made");
        expect(scans).toEqual({ made: 2 }); // for the page and for its number
      }),
    );
  });

  it('finds the place of a card by an index, wherever it goes', async () => {
    const { rows } = await slice.superuser.query<{ id: string }>(
      `select id from deals where stage_id = $1 and status = 'open' limit 1 offset 1000`,
      [stages[0]],
    );
    const places = slice.get(Places);
    for (const find of [() => places.onTop(stages[0]!), () => places.below(stages[0]!, rows[0]!.id, newId())]) {
      const plan = await plansOf(find);
      expect(plan).toContain('deals_on_board');
      expect(plan).not.toContain('Seq Scan on deals');
    }
  });

  it('shows the cards of the board by an index', async () => {
    const plan = await plansOf(() => slice.get(BoardQueries).show({}));
    expect(plan).toMatch(/Limit[\s\S]*Index Scan using deals_on_board/);
    expect(plan).not.toContain('Seq Scan on deals');
  });

  it('sums a month of the forecast by indexes', async () => {
    const plan = await plansOf(() => slice.get(ForecastQueries).forecast({ from: '2027-03-01', to: '2027-03-31' }));
    expect(plan).toContain('deals_by_expected_close');
    expect(plan).toContain('deals_by_closing');
    expect(plan).not.toContain('Seq Scan on deals');
  });

  it('tells a customer’s timeline by indexes', async () => {
    const plan = await plansOf(() => slice.get(DealsTimeline).entries(customerId, boss, 20, undefined));
    expect(plan).toContain('deals_of_customer');
    expect(plan).not.toContain('Seq Scan on deals');
  });
});
