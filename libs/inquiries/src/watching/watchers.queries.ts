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
import { conversationOf } from '../merging/inquiry-homes.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import type { WatcherView } from './watchers.dto.js';

const COLUMNS = {
  id: 'w.id',
  inquiryId: 'w.inquiry_id',
  userId: 'w.user_id',
  addedBy: 'w.added_by',
  createdAt: 'w.created_at',
} as const;

export const WatcherList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'w.id' },
    inquiryId: { type: 'id', column: 'w.inquiry_id', description: 'The inquiry that they began to watch' },
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

  /** Those of what was merged into it among them: they are told as well. @throws RecordNotFound */
  async list(inquiryId: string, query: ListQuery): Promise<Page<WatcherView>> {
    await this.reach.assertReadable(inquiryId);
    return readPage<WatcherView>(this.db, {
      select: COLUMNS,
      from: 'inquiry_watchers w',
      where: `w.tenant_id = $1 and w.inquiry_id in ${conversationOf('$2')}`,
      params: [currentTenantId(), inquiryId],
      query,
      spec: WatcherList,
    });
  }
}
