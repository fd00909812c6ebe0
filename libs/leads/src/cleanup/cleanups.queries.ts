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
import type { LeadCleanupView } from './cleanup.dto.js';

const COLUMNS = {
  id: 'c.id',
  keep: 'c.keep',
  merged: 'c.merged',
  hasMore: 'c.has_more',
  startedBy: 'c.started_by',
  undoneBy: 'c.undone_by',
  undoneAt: 'c.undone_at',
  undone: 'c.undone',
  createdAt: 'c.created_at',
} as const;

export const CleanupList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'c.id' },
    startedBy: { type: 'id', column: 'c.started_by' },
    createdAt: { type: 'instant', column: 'c.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class CleanupsQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<LeadCleanupView>> {
    const params = [currentTenantId()];
    const where = 'c.tenant_id = $1';
    return readPage<LeadCleanupView>(this.db, {
      ...{ select: COLUMNS, from: 'lead_cleanups c', where, params, query },
      spec: CleanupList,
    });
  }
}
