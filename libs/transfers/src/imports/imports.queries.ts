import {
  csvLine,
  currentActor,
  currentRequestId,
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
  runAs,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { IMPORT_STATES, ROW_OUTCOMES } from './import.policy.js';
import type { ImportRowView, ImportView } from './imports.dto.js';

const COLUMNS = {
  id: 'i.id',
  entity: 'i.entity',
  name: 'i.name',
  size: 'i.size',
  state: 'i.state',
  encoding: 'i.encoding',
  delimiter: 'i.delimiter',
  columns: 'i.columns',
  sample: 'i.sample',
  mapping: 'i.mapping',
  rowCount: 'i.row_count',
  jobId: 'i.job_id',
  report: 'i.report',
  createdBy: 'i.created_by',
  version: 'i.version',
  createdAt: 'i.created_at',
  updatedAt: 'i.updated_at',
} as const;
const SELECT = Object.entries(COLUMNS)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');

export const ImportList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'i.id' },
    entity: { type: 'text', column: 'i.entity', operators: ['eq', 'in'], example: 'customers' },
    state: { type: 'enum', column: 'i.state', values: IMPORT_STATES, example: 'ready' },
    createdAt: { type: 'instant', column: 'i.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

const ROW_COLUMNS = {
  id: 'r.id',
  number: 'r.number',
  outcome: 'r.outcome',
  recordId: 'r.record_id',
  code: 'r.code',
  detail: 'r.detail',
  field: 'r.field',
} as const;

export const ImportRowList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'r.id' },
    number: { type: 'integer', column: 'r.number', sortable: true },
    outcome: { type: 'enum', column: 'r.outcome', values: ROW_OUTCOMES, example: 'refused' },
    code: { type: 'text', column: 'r.code', nullable: true, operators: ['eq', 'in'] },
  }),
  defaultSort: 'number',
  outputs: Object.keys(ROW_COLUMNS),
};

const ERRORS = 500;
type Refused = { number: number; code: string; field: string | null; detail: string; cells: string[] };

/** An import is read by whoever runs it, and by nobody else. */
@Injectable()
export class ImportsQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<ImportView>> {
    const where = 'i.tenant_id = $1 and i.created_by = $2';
    const params = [currentTenantId(), currentActor().id];
    return readPage<ImportView>(this.db, {
      select: COLUMNS,
      from: 'imports i',
      where,
      params,
      query,
      spec: ImportList,
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<ImportView> {
    const row = await this.db.one<ImportView>(
      `select ${SELECT} from imports i where i.tenant_id = $1 and i.id = $2 and i.created_by = $3`,
      [currentTenantId(), id, currentActor().id],
    );
    if (!row) throw new RecordNotFound('import', id);
    return row;
  }

  /** @throws RecordNotFound */
  async rows(id: string, query: ListQuery): Promise<Page<ImportRowView>> {
    await this.view(id);
    return readPage<ImportRowView>(this.db, {
      select: ROW_COLUMNS,
      from: 'import_rows r join imports i on i.tenant_id = r.tenant_id and i.id = r.import_id and i.pass = r.pass',
      where: 'r.tenant_id = $1 and r.import_id = $2',
      params: [currentTenantId(), id],
      query,
      spec: ImportRowList,
    });
  }

  /** What was refused as it stood, each row led by why: corrected, it can be imported again. @throws RecordNotFound */
  async errors(id: string): Promise<Readable> {
    const { columns } = await this.view(id);
    // read as the stream is drained, when the request's scope may be gone
    const [actor, requestId] = [currentActor(), currentRequestId()];
    const next = (after: number): Promise<Refused[]> => runAs(actor, requestId, () => this.refusedAfter(id, after));
    return Readable.from(errorLines(columns, next));
  }

  private refusedAfter(id: string, after: number): Promise<Refused[]> {
    return this.db.query<Refused>(
      `select r.number, r.code, r.field, r.detail, r.cells from import_rows r
         join imports i on i.tenant_id = r.tenant_id and i.id = r.import_id and i.pass = r.pass
        where r.tenant_id = $1 and r.import_id = $2 and r.outcome = 'refused' and r.number > $3 order by r.number limit ${ERRORS}`,
      [currentTenantId(), id, after],
    );
  }
}

async function* errorLines(
  columns: readonly string[],
  next: (after: number) => Promise<Refused[]>,
): AsyncGenerator<string> {
  yield csvLine(['row', 'code', 'field', 'reason', ...columns]);
  for (let rows = await next(0); rows.length > 0; rows = await next(rows.at(-1)?.number ?? 0)) {
    yield rows
      .map(({ number, code, field, detail, cells }) => csvLine([number, code, field, detail, ...cells]))
      .join('');
    if (rows.length < ERRORS) return;
  }
}
