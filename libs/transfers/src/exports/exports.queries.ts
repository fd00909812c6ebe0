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
import { EXPORT_STATES } from './export.policy.js';
import type { ExportView } from './exports.dto.js';

const COLUMNS = {
  id: 'x.id',
  entity: 'x.entity',
  format: 'x.format',
  query: 'x.query',
  state: 'x.state',
  jobId: 'x.job_id',
  size: 'x.size',
  rowCount: 'x.row_count',
  createdBy: 'x.created_by',
  version: 'x.version',
  createdAt: 'x.created_at',
  updatedAt: 'x.updated_at',
} as const;
const SELECT = Object.entries(COLUMNS)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');

export const ExportList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'x.id' },
    entity: { type: 'text', column: 'x.entity', operators: ['eq', 'in'], example: 'customers' },
    state: { type: 'enum', column: 'x.state', values: EXPORT_STATES, example: 'ready' },
    createdAt: { type: 'instant', column: 'x.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

/** An export is whoever’s who asked for it: it holds what they may read. */
@Injectable()
export class ExportsQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<ExportView>> {
    const where = 'x.tenant_id = $1 and x.created_by = $2';
    const params = [currentTenantId(), currentActor().id];
    return readPage<ExportView>(this.db, {
      select: COLUMNS,
      from: 'exports x',
      where,
      params,
      query,
      spec: ExportList,
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<ExportView> {
    const row = await this.db.one<ExportView>(
      `select ${SELECT} from exports x where x.tenant_id = $1 and x.id = $2 and x.created_by = $3`,
      [currentTenantId(), id, currentActor().id],
    );
    if (!row) throw new RecordNotFound('export', id);
    return row;
  }
}
