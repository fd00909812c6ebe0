import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Deal } from '../deals/deal.entity.js';
import { DealPermissions } from '../deals/deal.policy.js';
import { DealReach } from '../deals/deal.reach.js';
import { DealWork } from '../deals/deal-work.js';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';
import type { CheckPointDto, ChecklistsView, StageChecklistView } from './entry.dto.js';

const { read, update } = DealPermissions;

/** What is ticked off at a deal, of what the stages of its pipeline ask for. */
@Injectable()
export class ChecklistsService {
  constructor(
    private readonly db: Database,
    private readonly work: DealWork,
    private readonly reach: DealReach,
    private readonly pipelines: PipelinesQueries,
  ) {}

  /** @throws RecordNotFound */
  async of(dealId: string): Promise<ChecklistsView> {
    await this.reach.assert(dealId, read);
    const stages = await this.db.query<StageChecklistView>(
      `select s.id as "stageId", s.name, (select json_agg(json_build_object('item', c.item, 'isDone',
           d.checked @> jsonb_build_array(jsonb_build_object('stageId', s.id, 'item', c.item))) order by c.place)
         from unnest(s.checklist) with ordinality c (item, place)) as items
       from deals d join pipeline_stages s on s.tenant_id = d.tenant_id and s.pipeline_id = d.pipeline_id
       where d.tenant_id = $1 and d.id = $2 and s.checklist <> '{}' order by s.position, s.id`,
      [currentTenantId(), dealId],
    );
    return { stages };
  }

  /** @throws RecordNotFound, OutOfReach, DealNotOpen, StageUnknown, PointUnknown, StageDemands */
  check(dealId: string, { stageId, item, isDone }: CheckPointDto, version?: number): Promise<Deal> {
    return this.work.do(dealId, { permission: update, version }, async (deal) => {
      const stage = await this.pipelines.stage(stageId);
      deal.check(stage, item, isDone, await this.pipelines.stage(deal.stageId));
    });
  }
}
