import { AuthFacade } from '@app/auth';
import { Clock } from '@app/kernel';
import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { DealPermissions } from '../deals/deal.policy.js';
import { reachOf } from '../deals/deal.reach.js';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';
import type {
  ForecastGroup,
  ForecastQuery,
  ForecastSums,
  ForecastView,
  Grouping,
  Unconverted,
} from './forecast.dto.js';
import { PeriodTooLong, SumTooLarge } from './forecast.errors.js';

const MOST_MONTHS = 60;

const KEYS: Readonly<Record<Grouping, string>> = {
  month: `to_char(f.day, 'YYYY-MM')`,
  owner: 'f.owner_id::text',
  team: 'f.team_id::text',
  pipeline: 'f.pipeline_id::text',
};

type Row = Record<Exclude<keyof ForecastSums, 'deals'>, string> & { key: string | null; deals: number };
type Left = { currency: string; amount: string; deals: number };

/** What is won, and what will be. */
@Injectable()
export class ForecastQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly pipelines: PipelinesQueries,
    private readonly auth: AuthFacade,
  ) {}

  /**
   * In days of the tenant's zone: won deals by the day on which they were won, open ones by the day they are expected to be; one without that day is in
   * no period. Each is converted by the last rate known on its day: a won one of that day, an open one of today. Halves of
   * minor units are rounded away from zero, once for each sum of one currency, one day and one group.
   * @throws PipelineUnknown, PeriodTooLong, SumTooLarge
   */
  async forecast(asked: ForecastQuery): Promise<ForecastView> {
    const { groupBy = 'month', pipelineId } = asked;
    const currency = asked.currency ?? (await this.pipelines.named(pipelineId)).currency;
    const zone = await this.auth.zone();
    const { from, to } = this.periodOf(asked, zone);
    const params: unknown[] = [currentTenantId(), from, to, currency, this.clock.now(), zone];
    const source = this.sourceOf(asked, groupBy, params);
    const rows = await this.db.query<Row>(`${source} ${SUMS}`, params);
    const left = await this.db.query<Left>(`${source} ${UNCONVERTED}`, params);
    const groups = rows.map(toGroup);
    const unconverted: Unconverted[] = left.map((one) => ({ ...one, amount: exact(one.amount) }));
    return { currency, from, to, groupBy, groups, total: sumOf(groups), unconverted };
  }

  private periodOf({ from, to }: ForecastQuery, zone: string): { from: string; to: string } {
    const month = DateTime.fromJSDate(this.clock.now(), { zone }).startOf('month');
    const first = from ?? month.toISODate() ?? '';
    const begin = DateTime.fromISO(first, { zone: 'utc' });
    const last = to ?? begin.plus({ months: 2 }).endOf('month').toISODate() ?? '';
    const months = DateTime.fromISO(last, { zone: 'utc' }).diff(begin, 'months').months;
    if (months < 0 || months > MOST_MONTHS) throw new PeriodTooLong(MOST_MONTHS);
    return { from: first, to: last };
  }

  private sourceOf({ pipelineId, ownerId }: ForecastQuery, groupBy: Grouping, params: unknown[]): string {
    const reached = reachOf(currentActor(), DealPermissions.read, params);
    const more = [
      pipelineId && `d.pipeline_id = $${params.push(pipelineId)}::uuid`,
      ownerId && `d.owner_id = $${params.push(ownerId)}::uuid`,
    ].filter(Boolean);
    const shown = ['d.tenant_id = $1 and d.deleted_at is null and d.amount is not null', reached, ...more].join(
      ' and ',
    );
    return `with found as (
        select d.*, 'won' as forecast, (d.closed_at at time zone $6)::date as day, (d.closed_at at time zone $6)::date as rate_day
        from deals d where ${shown} and d.status = 'won'
          and d.closed_at >= ($2::date)::timestamp at time zone $6 and d.closed_at < ($3::date + 1)::timestamp at time zone $6
        union all
        select d.*, s.forecast, d.expected_close_date, ($5::timestamptz at time zone $6)::date
        from deals d join pipeline_stages s on s.tenant_id = d.tenant_id and s.id = d.stage_id
        where ${shown} and d.status = 'open' and s.forecast <> 'omitted' and d.expected_close_date between $2::date and $3::date),
      summed as (
        select ${KEYS[groupBy]} as key, f.currency, f.rate_day, f.forecast, sum(f.amount) as amount,
          sum(f.amount * f.probability) / 100 as weighted, count(*)::int as deals
        from found f group by 1, 2, 3, 4),
      rated as (
        select s.*, case when s.currency = $4 then 1 else (select x.minor_rate from exchange_rates x
          where x.tenant_id = $1 and x.base = $4 and x.currency = s.currency and x.day <= s.rate_day order by x.day desc limit 1) end as rate
        from summed s)`;
  }
}

const SUMS = `, converted as (select key, forecast, round(amount * rate) as amount, round(weighted * rate) as weighted, deals
    from rated where rate is not null)
  select key, coalesce(sum(amount) filter (where forecast = 'won'), 0)::text as won,
    coalesce(sum(amount) filter (where forecast in ('won', 'commit')), 0)::text as commit,
    coalesce(sum(amount) filter (where forecast in ('won', 'commit', 'best_case')), 0)::text as "bestCase",
    sum(amount)::text as pipeline, sum(weighted)::text as weighted, sum(deals)::int as deals
  from converted group by key order by key`;

const UNCONVERTED = `select currency, sum(amount)::text as amount, sum(deals)::int as deals from rated where rate is null
  group by currency order by currency`;

function exact(sum: string): number {
  const value = Number(sum);
  if (!Number.isSafeInteger(value)) throw new SumTooLarge();
  return value;
}

const toGroup = ({ key, won, commit, bestCase, pipeline, weighted, deals }: Row): ForecastGroup => ({
  ...{ key, won: exact(won), commit: exact(commit), bestCase: exact(bestCase) },
  ...{ pipeline: exact(pipeline), weighted: exact(weighted), deals },
});

function sumOf(groups: readonly ForecastGroup[]): ForecastSums {
  const sum = (of: keyof ForecastSums): number => exact(String(groups.reduce((total, group) => total + group[of], 0)));
  return {
    ...{ won: sum('won'), commit: sum('commit'), bestCase: sum('bestCase') },
    ...{ pipeline: sum('pipeline'), weighted: sum('weighted'), deals: sum('deals') },
  };
}
