import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealPermissions } from '../deals/deal.policy.js';
import { reachOf } from '../deals/deal.reach.js';
import type { DealView } from '../deals/deals.dto.js';
import { selectDeal } from '../deals/deals.list.js';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';
import type { BoardQuery, BoardView } from './board.dto.js';

const CARDS = 20;

type Stage = { id: string; name: string; position: number; wipLimit: number | null };
type Sum = { stageId: string; currency: string; amount: string; deals: number };

/** The open deals of a pipeline, column by column. */
@Injectable()
export class BoardQueries {
  constructor(
    private readonly db: Database,
    private readonly pipelines: PipelinesQueries,
  ) {}

  /** @throws PipelineUnknown */
  async show({ pipelineId, ownerId, cards: most = CARDS }: BoardQuery): Promise<BoardView> {
    const pipeline = await this.pipelines.named(pipelineId);
    const stages = await this.stagesOf(pipeline.id);
    const params: unknown[] = [currentTenantId(), stages.map(({ id }) => id)];
    const reached = reachOf(currentActor(), DealPermissions.read, params);
    const owned = ownerId ? `d.owner_id = $${params.push(ownerId)}::uuid` : 'true';
    const shown = `d.tenant_id = $1 and d.status = 'open' and d.deleted_at is null and ${reached} and ${owned}`;
    const cards = await this.db.query<DealView>(
      `select card.* from unnest($2::uuid[]) s(id) cross join lateral (
         select ${selectDeal()} from deals d where ${shown} and d.stage_id = s.id order by d.rank, d.id limit ${most}) card`,
      params,
    );
    const sums = await this.db.query<Sum>(
      `select d.stage_id as "stageId", d.currency, coalesce(sum(d.amount), 0)::text as amount, count(*)::int as deals
       from deals d where ${shown} and d.stage_id = any ($2::uuid[]) group by 1, 2 order by 1, 2`,
      params,
    );
    return { pipelineId: pipeline.id, columns: stages.map((stage) => columnOf(stage, cards, sums)) };
  }

  private stagesOf(pipelineId: string): Promise<Stage[]> {
    return this.db.query<Stage>(
      `select s.id, s.name, s.position, s.wip_limit as "wipLimit" from pipeline_stages s
       where s.tenant_id = $1 and s.pipeline_id = $2 order by s.position, s.id`,
      [currentTenantId(), pipelineId],
    );
  }
}

function columnOf(stage: Stage, cards: readonly DealView[], sums: readonly Sum[]): BoardView['columns'][number] {
  const { id: stageId, name, position, wipLimit } = stage;
  const own = sums.filter((sum) => sum.stageId === stageId);
  const deals = own.reduce((total, sum) => total + sum.deals, 0);
  return {
    ...{ stageId, name, position, wipLimit, deals },
    isOverLimit: wipLimit !== null && deals > wipLimit,
    amounts: own.map(({ currency, amount }) => ({ currency, amount: Number(amount) })),
    cards: cards.filter((card) => card.stageId === stageId),
  };
}
