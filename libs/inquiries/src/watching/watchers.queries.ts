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
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import type { WatcherView } from './watchers.dto.js';

const COLUMNS = { id: 'w.id', userId: 'w.user_id', addedBy: 'w.added_by', createdAt: 'w.created_at' } as const;

export const WatcherList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'w.id' },
    userId: { type: 'id', column: 'w.user_id' },
    createdAt: { type: 'instant', column: 'w.created_at', sortable: true },
  }),
  defaultSort: 'createdAt',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class WatchersQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
  ) {}

  /** @throws RecordNotFound */
  async list(inquiryId: string, query: ListQuery): Promise<Page<WatcherView>> {
    await this.reach.assertReadable(inquiryId);
    return readPage<WatcherView>(this.db, {
      select: COLUMNS,
      from: 'inquiry_watchers w',
      where: 'w.tenant_id = $1 and w.inquiry_id = $2',
      params: [currentTenantId(), inquiryId],
      query,
      spec: WatcherList,
    });
  }
}
