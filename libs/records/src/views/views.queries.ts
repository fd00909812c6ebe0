import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
  type StoredView,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { AUDIENCES } from './view.policy.js';
import { ViewedLists } from './viewed-lists.js';
import { seenBy } from './view-reach.js';
import type { ListedViewView, SavedViewView } from './views.dto.js';

const COLUMNS = {
  id: 'v.id',
  resource: 'v.resource',
  name: 'v.name',
  audience: 'v.audience',
  teamId: 'v.team_id',
  isPinned: 'v.is_pinned',
  isDefault: 'd.view_id is not null',
  ownerId: 'v.owner_id',
  version: 'v.version',
  createdAt: 'v.created_at',
  updatedAt: 'v.updated_at',
} as const;

/** With the default of whoever asks: `$2`. */
const FROM = `saved_views v left join view_defaults d on d.tenant_id = v.tenant_id and d.view_id = v.id and d.user_id = $2`;

export const ViewList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'v.id' },
    resource: { type: 'text', column: 'v.resource', operators: ['eq', 'in'], example: 'customers' },
    name: { type: 'text', column: 'v.name', sortable: true },
    audience: { type: 'enum', column: 'v.audience', values: AUDIENCES },
    isPinned: { type: 'boolean', column: 'v.is_pinned', sortable: true },
    isDefault: { type: 'boolean', column: '(d.view_id is not null)' },
    ownerId: { type: 'id', column: 'v.owner_id' },
    createdAt: { type: 'instant', column: 'v.created_at', sortable: true },
  }),
  defaultSort: '-isPinned,name',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class ViewsQueries {
  constructor(
    private readonly db: Database,
    private readonly lists: ViewedLists,
  ) {}

  list(query: ListQuery): Promise<Page<ListedViewView>> {
    const params: unknown[] = [currentTenantId(), currentActor().id];
    const where = `v.tenant_id = $1 and ${seenBy(currentActor(), params)}`;
    return readPage<ListedViewView>(this.db, { select: COLUMNS, from: FROM, where, params, query, spec: ViewList });
  }

  /** What it filters by is told to who may see all that it speaks of, and to its owner. @throws RecordNotFound */
  async view(id: string): Promise<SavedViewView> {
    const me = currentActor();
    const params: unknown[] = [currentTenantId(), me.id, id];
    const columns = Object.entries(COLUMNS).map(([name, sql]) => `${sql} as "${name}"`);
    const row = await this.db.one<ListedViewView & Omit<StoredView, 'id'>>(
      `select ${columns.join(', ')}, v."where", v.sort, v.columns from ${FROM}
       where v.tenant_id = $1 and v.id = $3 and ${seenBy(me, params)}`,
      params,
    );
    if (!row) throw new RecordNotFound('view', id);
    const { where, sort, columns: shown, ...about } = row;
    const problems = await this.lists.problemsOf(row.resource, { where, sort, columns: shown });
    const isTold = problems.length === 0 || row.ownerId === me.id;
    const told = isTold ? { where: where as object, sort, columns: shown } : { where: null, sort: null, columns: null };
    return { ...about, ...told, problems };
  }
}
