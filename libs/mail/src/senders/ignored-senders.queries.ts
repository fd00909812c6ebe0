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
import type { IgnoredSenderView } from './ignored-senders.dto.js';

const COLUMNS = {
  id: 's.id',
  pattern: 's.pattern',
  note: 's.note',
  createdBy: 's.created_by',
  createdAt: 's.created_at',
} as const;

export const IgnoredSenderList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 's.id' },
    pattern: { type: 'text', column: 's.pattern', sortable: true, example: 'example.org' },
    createdAt: { type: 'instant', column: 's.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class IgnoredSendersQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<IgnoredSenderView>> {
    const params = [currentTenantId()];
    const where = 's.tenant_id = $1';
    return readPage<IgnoredSenderView>(this.db, {
      ...{ select: COLUMNS, from: 'ignored_senders s', where, params, query },
      spec: IgnoredSenderList,
    });
  }
}
