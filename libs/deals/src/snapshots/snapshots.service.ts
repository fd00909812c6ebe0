import { AuthFacade } from '@app/auth';
import { Clock } from '@app/kernel';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { dayIn } from '../deals/deal.policy.js';

/** Won in this month or later, and open and expected in this month or the eleven after it. */
const MONTHS = 12;

const KEEP = `insert into forecast_snapshots (tenant_id, day, month, pipeline_id, owner_id, team_id, currency, won, commit, best_case,
    pipeline, weighted, deals)
  select $1, $2::date, to_char(f.day, 'YYYY-MM'), f.pipeline_id, f.owner_id, f.team_id, f.currency,
    coalesce(sum(f.amount) filter (where f.forecast = 'won'), 0),
    coalesce(sum(f.amount) filter (where f.forecast in ('won', 'commit')), 0),
    coalesce(sum(f.amount) filter (where f.forecast in ('won', 'commit', 'best_case')), 0),
    sum(f.amount), round(sum(f.amount * f.probability) / 100), count(*)
  from (
    select d.*, 'won' as forecast, (d.closed_at at time zone $3)::date as day from deals d
      where d.tenant_id = $1 and d.deleted_at is null and d.status = 'won'
        and d.closed_at >= date_trunc('month', $2::timestamp) at time zone $3
    union all
    select d.*, s.forecast, d.expected_close_date from deals d
      join pipeline_stages s on s.tenant_id = d.tenant_id and s.id = d.stage_id
      where d.tenant_id = $1 and d.deleted_at is null and d.status = 'open' and s.forecast <> 'omitted'
        and d.expected_close_date >= date_trunc('month', $2::date)
        and d.expected_close_date < date_trunc('month', $2::date) + interval '${MONTHS} months') f
  where f.amount is not null and not exists (select 1 from forecast_snapshots k where k.tenant_id = $1 and k.day = $2::date)
  group by 3, 4, 5, 6, 7`;

/** The forecast as it was, day by day. */
@Injectable()
export class SnapshotsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly auth: AuthFacade,
  ) {}

  /** Once a day of the tenant's zone, by whoever comes first. A day on which nobody came has none: what was is not known any more. */
  async keep(): Promise<void> {
    const zone = await this.auth.zone();
    await this.db.transaction(async () => {
      await this.db.query(`select pg_advisory_xact_lock(hashtextextended('forecast snapshots ' || app_tenant(), 0))`);
      await this.db.query(KEEP, [currentTenantId(), dayIn(zone, this.clock.now()), zone]);
    });
  }
}
