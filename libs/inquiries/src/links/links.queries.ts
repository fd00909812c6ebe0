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
import { LINK_DIRECTIONS, LINK_TARGETS, SHOWN_KINDS } from './link.policy.js';
import type { InquiryLinkView } from './links.dto.js';

const COLUMNS = {
  id: 'l.id',
  kind: 'l.kind',
  direction: 'l.direction',
  targetType: 'l.target_type',
  targetId: 'l.target_id',
  isFixed: 'l.is_fixed',
  createdBy: 'l.created_by',
  createdAt: 'l.created_at',
} as const;

export const LinkList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'l.id' },
    kind: { type: 'enum', column: 'l.kind', values: SHOWN_KINDS, example: 'related' },
    direction: { type: 'enum', column: 'l.direction', values: LINK_DIRECTIONS },
    targetType: { type: 'enum', column: 'l.target_type', values: LINK_TARGETS, example: 'inquiry' },
    targetId: { type: 'id', column: 'l.target_id' },
    isFixed: { type: 'boolean', column: 'l.is_fixed' },
    createdAt: { type: 'instant', column: 'l.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

/** What columns of inquiries say anyway, from the younger one and from the older one. */
const known = (kind: string, column: string): string => `
  union all select i.id, '${kind}', 'to', 'inquiry', i.${column}, true, i.created_by, i.created_at
    from inquiries i where i.tenant_id = $1 and i.id = $2 and i.${column} is not null
  union all select i.id, '${kind}', 'from', 'inquiry', i.id, true, i.created_by, i.created_at
    from inquiries i where i.tenant_id = $1 and i.${column} = $2`;

const LINKS = `(
  select k.id, k.kind, 'to' as direction, k.target_type, k.target_id, false as is_fixed, k.created_by, k.created_at
    from inquiry_links k where k.tenant_id = $1 and k.inquiry_id = $2
  union all select k.id, k.kind, 'from', 'inquiry', k.inquiry_id, false, k.created_by, k.created_at
    from inquiry_links k where k.tenant_id = $1 and k.target_inquiry_id = $2
  ${known('follow_up', 'follow_up_of')}${known('split_from', 'split_from')}) l`;

@Injectable()
export class LinksQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
  ) {}

  /** @throws RecordNotFound */
  async list(inquiryId: string, query: ListQuery): Promise<Page<InquiryLinkView>> {
    await this.reach.assertReadable(inquiryId);
    return readPage<InquiryLinkView>(this.db, {
      select: COLUMNS,
      from: LINKS,
      params: [currentTenantId(), inquiryId],
      query,
      spec: LinkList,
    });
  }
}
