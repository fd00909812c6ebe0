import { AuthFacade } from '@app/auth';
import { Clock } from '@app/kernel';
import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealPermissions, daysAfter, dayIn } from '../deals/deal.policy.js';
import { reachOf } from '../deals/deal.reach.js';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';
import type { StageVelocity, VelocityQuery, VelocityView } from './velocity.dto.js';

const USUAL_DAYS = 90;

type Ends = Pick<VelocityView, 'won' | 'lost' | 'medianSecondsToWin'>;
type Stays = Omit<StageVelocity, 'conversion'>;

/** How fast deals go through the stages of a pipeline, and how many of them. */
@Injectable()
export class VelocityQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly pipelines: PipelinesQueries,
    private readonly auth: AuthFacade,
  ) {}

  /** Of the stays that ended in the period, in days of the tenant's zone. @throws PipelineUnknown */
  async show({ pipelineId, ownerId, from, to }: VelocityQuery): Promise<VelocityView> {
    const [pipeline, zone, now] = [await this.pipelines.named(pipelineId), await this.auth.zone(), this.clock.now()];
    const last = to ?? dayIn(zone, now);
    const first = from ?? dayIn(zone, daysAfter(now, -USUAL_DAYS));
    const params: unknown[] = [currentTenantId(), pipeline.id, first, last, zone];
    const reached = reachOf(currentActor(), DealPermissions.read, params);
    const owned = ownerId ? `d.owner_id = $${params.push(ownerId)}::uuid` : 'true';
    const source = sourceOf(`${reached} and ${owned}`);
    const stages = await this.db.query<Stays>(`${source} ${STAGES}`, params);
    const [ends] = await this.db.query<Ends>(`${source} ${ENDS}`, params);
    const { won = 0, lost = 0, medianSecondsToWin = null } = ends ?? {};
    return {
      ...{ pipelineId: pipeline.id, from: first, to: last, won, lost, medianSecondsToWin },
      stages: stages.map((stage) => ({ ...stage, conversion: percent(stage.wentOn, stage.left) })),
      winRate: percent(won, won + lost),
    };
  }
}

/** To a tenth. */
const percent = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 1000) / whole) / 10;

/**
 * Each stay in a stage with what ended it. First the moves of the period, by index, then what came right before each; a
 * deal that was reopened stays anew, and what it was while it was over is no stay.
 */
const sourceOf = (shown: string): string => `with ended as (
    select m.deal_id, m.version, m.kind, m.stage_id as next, m.moved_at as left_at, begun.moved_at as begun_at
    from deal_moves m join deals d on d.tenant_id = m.tenant_id and d.id = m.deal_id
    join deal_moves begun on begun.tenant_id = m.tenant_id and begun.deal_id = m.deal_id and begun.version = 1
    where m.tenant_id = $1 and m.moved_at >= $3::timestamp at time zone $5 and m.moved_at < ($4::date + 1)::timestamp at time zone $5
      and m.kind in ('moved', 'won', 'lost') and d.deleted_at is null and ${shown}),
  stays as (
    select e.*, b.stage_id, extract(epoch from e.left_at - b.moved_at)::float8 as seconds
    from ended e cross join lateral (
      select b.stage_id, b.pipeline_id, b.status, b.moved_at from deal_moves b
      where b.tenant_id = $1 and b.deal_id = e.deal_id and b.version < e.version order by b.version desc limit 1) b
    where b.status = 'open' and b.pipeline_id = $2)`;

const STAGES = `select s.id as "stageId", s.name, count(t.deal_id)::int as left,
    (count(*) filter (where t.kind = 'won' or n.position > s.position))::int as "wentOn",
    (count(*) filter (where t.kind = 'won'))::int as won, (count(*) filter (where t.kind = 'lost'))::int as lost,
    percentile_cont(0.5) within group (order by t.seconds) as "medianSeconds", avg(t.seconds) as "averageSeconds",
    percentile_cont(0.9) within group (order by t.seconds) as "slowSeconds"
  from pipeline_stages s left join stays t on t.stage_id = s.id
    left join pipeline_stages n on n.tenant_id = $1 and n.id = t.next and n.pipeline_id = $2 and t.kind = 'moved'
  where s.tenant_id = $1 and s.pipeline_id = $2 group by s.id, s.name, s.position order by s.position, s.id`;

const ENDS = `select (count(*) filter (where t.kind = 'won'))::int as won, (count(*) filter (where t.kind = 'lost'))::int as lost,
    percentile_cont(0.5) within group (order by extract(epoch from t.left_at - t.begun_at)::float8)
      filter (where t.kind = 'won') as "medianSecondsToWin" from stays t`;
