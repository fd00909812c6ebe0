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
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerReach } from '../customer.reach.js';
import type { MergeView } from './merging.dto.js';

const COLUMNS = {
  id: 'm.id',
  survivorId: 'm.survivor_id',
  loserId: 'm.loser_id',
  state: 'm.state',
  moved: `(select coalesce(jsonb_object_agg(e.key, jsonb_array_length(e.value)), '{}') from jsonb_each(m.moved) e)`,
  mergedBy: 'm.merged_by',
  undoneBy: 'm.undone_by',
  undoneAt: 'm.undone_at',
  version: 'm.version',
  createdAt: 'm.created_at',
  updatedAt: 'm.updated_at',
} as const;

export const MergeList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'm.id' },
    survivorId: { type: 'id', column: 'm.survivor_id' },
    loserId: { type: 'id', column: 'm.loser_id' },
    state: { type: 'enum', column: 'm.state', values: ['merged', 'undone'], example: 'merged' },
    mergedBy: { type: 'id', column: 'm.merged_by' },
    createdAt: { type: 'instant', column: 'm.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

/** Merges, for whoever may read the survivor. */
@Injectable()
export class MergesQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
  ) {}

  list(query: ListQuery): Promise<Page<MergeView>> {
    const params: unknown[] = [currentTenantId()];
    const where = `m.tenant_id = $1 and ${this.reached(params)}`;
    return readPage<MergeView>(this.db, {
      select: COLUMNS,
      from: 'customer_merges m',
      ...{ where, params, query, spec: MergeList },
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<MergeView> {
    const params: unknown[] = [currentTenantId(), id];
    const columns = Object.entries(COLUMNS).map(([name, sql]) => `${sql} as "${name}"`);
    const row = await this.db.one<MergeView>(
      `select ${columns.join(', ')} from customer_merges m where m.tenant_id = $1 and m.id = $2 and ${this.reached(params)}`,
      params,
    );
    if (!row) throw new RecordNotFound('merge', id);
    return row;
  }

  private reached(params: unknown[]): string {
    const reached = this.reach.predicate(currentActor(), CustomerPermissions.read, params);
    return `exists (select 1 from customers c where c.tenant_id = m.tenant_id and c.id = m.survivor_id and (${reached}))`;
  }
}
