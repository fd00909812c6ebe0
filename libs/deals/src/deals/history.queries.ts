import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealPermissions } from './deal.policy.js';
import { DealReach } from './deal.reach.js';
import { type DealMoveView, MOVE_KINDS } from './history.dto.js';

const COLUMNS = {
  id: 'm.id',
  kind: 'm.kind',
  pipelineId: 'm.pipeline_id',
  stageId: 'm.stage_id',
  stageName: 'm.stage_name',
  status: 'm.status',
  amount: 'm.amount',
  currency: 'm.currency',
  probability: 'm.probability',
  reason: 'm.reason',
  movedBy: 'm.moved_by',
  movedAt: 'm.moved_at',
  seconds: 'extract(epoch from m.left_at - m.moved_at)::float8',
  version: 'm.version',
} as const;

const MOVES = `(select *, lead(moved_at) over (order by version) as left_at from deal_moves
  where tenant_id = $1 and deal_id = $2) m`;

export const HistoryList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'm.id' },
    kind: { type: 'enum', column: 'm.kind', values: MOVE_KINDS, example: 'moved' },
    version: { type: 'integer', column: 'm.version', sortable: true },
  }),
  defaultSort: '-version',
  outputs: Object.keys(COLUMNS),
};

/** Which way deals went. */
@Injectable()
export class HistoryQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: DealReach,
  ) {}

  /** @throws RecordNotFound */
  async of(dealId: string, query: ListQuery): Promise<Page<DealMoveView>> {
    await this.reach.assert(dealId, DealPermissions.read);
    const params = [currentTenantId(), dealId];
    return readPage<DealMoveView>(this.db, { select: COLUMNS, from: MOVES, params, query, spec: HistoryList });
  }
}
