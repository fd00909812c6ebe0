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
import { LeadPermissions } from '../leads/lead.policy.js';
import { reachOf } from '../leads/lead.reach.js';
import type { LeadMergeView } from './merging.dto.js';

const COLUMNS = {
  id: 'm.id',
  survivorId: 'm.survivor_id',
  loserId: 'm.loser_id',
  cleanupId: 'm.cleanup_id',
  reasons: 'm.reasons',
  mergedBy: 'm.merged_by',
  undoneBy: 'm.undone_by',
  undoneAt: 'm.undone_at',
  createdAt: 'm.created_at',
} as const;

export const LeadMergeList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'm.id' },
    survivorId: { type: 'id', column: 'm.survivor_id' },
    loserId: { type: 'id', column: 'm.loser_id' },
    cleanupId: { type: 'id', column: 'm.cleanup_id', nullable: true },
    undoneAt: { type: 'instant', column: 'm.undone_at', nullable: true, description: 'undoneAt[null]=true: still one' },
    createdAt: { type: 'instant', column: 'm.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

/** Which leads went on in which, among those whose survivor may be read. */
@Injectable()
export class LeadMergesQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<LeadMergeView>> {
    const params: unknown[] = [currentTenantId()];
    const reached = reachOf(currentActor(), LeadPermissions.read, params);
    const where = `m.tenant_id = $1
      and exists (select 1 from leads l where l.tenant_id = $1 and l.id = m.survivor_id and ${reached})`;
    return readPage<LeadMergeView>(this.db, {
      ...{ select: COLUMNS, from: 'lead_merges m', where, params, query },
      spec: LeadMergeList,
    });
  }
}
