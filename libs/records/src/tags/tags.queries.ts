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
import { Hosts } from '../hosts/hosts.js';
import { Tag } from './tag.entity.js';
import type { RecordTagView, TagView } from './tags.dto.js';

const TAG_COLUMNS = {
  id: 't.id',
  name: 't.name',
  createdBy: 't.created_by',
  version: 't.version',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
} as const;

export const TagList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 't.id' },
    name: { type: 'text', column: 't.name', sortable: true, example: 'Trade fair' },
    createdBy: { type: 'id', column: 't.created_by' },
    createdAt: { type: 'instant', column: 't.created_at', sortable: true },
  }),
  defaultSort: 'name',
  outputs: Object.keys(TAG_COLUMNS),
};

const RECORD_TAG_COLUMNS = {
  id: 'r.id',
  tagId: 'r.tag_id',
  name: 't.name',
  recordKind: 'r.record_kind',
  recordId: 'r.record_id',
  createdBy: 'r.created_by',
  createdAt: 'r.created_at',
} as const;

export const RecordTagList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'r.id' },
    tagId: { type: 'id', column: 'r.tag_id' },
    recordKind: { type: 'text', column: 'r.record_kind', operators: ['eq', 'in'], example: 'customers' },
    recordId: { type: 'id', column: 'r.record_id', example: '01920000-0001-7004-8000-000000000001' },
    createdAt: { type: 'instant', column: 'r.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(RECORD_TAG_COLUMNS),
};

@Injectable()
export class TagsQueries {
  constructor(
    private readonly db: Database,
    private readonly hosts: Hosts,
  ) {}

  list(query: ListQuery): Promise<Page<TagView>> {
    const [where, params] = ['t.tenant_id = $1', [currentTenantId()]];
    return readPage<TagView>(this.db, { select: TAG_COLUMNS, from: 'tags t', where, params, query, spec: TagList });
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<Tag> {
    return this.db.get(Tag, id);
  }

  /** What stands on which records, of those that the reader may read. */
  onRecords(query: ListQuery): Promise<Page<RecordTagView>> {
    const params: unknown[] = [currentTenantId()];
    return readPage<RecordTagView>(this.db, {
      select: RECORD_TAG_COLUMNS,
      from: 'record_tags r join tags t on t.tenant_id = r.tenant_id and t.id = r.tag_id',
      where: `r.tenant_id = $1 and ${this.hosts.readable('r', currentActor(), params)}`,
      params,
      query,
      spec: RecordTagList,
    });
  }
}
