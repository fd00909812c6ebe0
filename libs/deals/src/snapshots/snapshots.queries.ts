import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { sumsReachedBy } from '../deals/deal.reach.js';
import type { ForecastSnapshotView } from './snapshots.dto.js';

const COLUMNS = {
  id: 'f.id',
  day: 'f.day',
  month: 'f.month',
  pipelineId: 'f.pipeline_id',
  ownerId: 'f.owner_id',
  teamId: 'f.team_id',
  currency: 'f.currency',
  won: 'f.won::float8',
  commit: 'f.commit::float8',
  bestCase: 'f.best_case::float8',
  pipeline: 'f.pipeline::float8',
  weighted: 'f.weighted::float8',
  deals: 'f.deals',
} as const;

export const SnapshotList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'f.id' },
    day: { type: 'date', column: 'f.day', sortable: true, example: '2026-11-02' },
    month: { type: 'text', column: 'f.month', operators: ['eq', 'in'], example: '2026-12' },
    pipelineId: { type: 'id', column: 'f.pipeline_id' },
    ownerId: { type: 'id', column: 'f.owner_id', nullable: true },
    teamId: { type: 'id', column: 'f.team_id', nullable: true },
    currency: { type: 'text', column: 'f.currency', operators: ['eq', 'in'], example: 'EUR' },
  }),
  defaultSort: '-day',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class SnapshotsQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<ForecastSnapshotView>> {
    const params: unknown[] = [currentTenantId()];
    const where = `f.tenant_id = $1 and ${sumsReachedBy(currentActor(), params)}`;
    const source = { select: COLUMNS, from: 'forecast_snapshots f', where, params };
    return readPage<ForecastSnapshotView>(this.db, { ...source, query, spec: SnapshotList });
  }
}
