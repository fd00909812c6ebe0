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
import { JOB_STATES } from './job.policy.js';
import type { JobView } from './jobs.dto.js';

const COLUMNS = {
  id: 'j.id',
  kind: 'j.kind',
  subjectId: 'j.subject_id',
  state: 'j.state',
  done: 'j.done',
  total: 'j.total',
  tally: 'j.tally',
  resultUrl: 'j.result_url',
  problem: 'j.problem',
  isCancelAsked: 'j.is_cancel_asked',
  createdBy: 'j.created_by',
  startedAt: 'j.started_at',
  finishedAt: 'j.finished_at',
  version: 'j.version',
  createdAt: 'j.created_at',
  updatedAt: 'j.updated_at',
} as const;
const SELECT = Object.entries(COLUMNS)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');

export const JobList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'j.id' },
    kind: { type: 'text', column: 'j.kind', operators: ['eq', 'in'], example: 'imports.run' },
    subjectId: { type: 'id', column: 'j.subject_id' },
    state: { type: 'enum', column: 'j.state', values: JOB_STATES, example: 'running' },
    createdAt: { type: 'instant', column: 'j.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

/** A job is read by whoever started it, and by nobody else. */
@Injectable()
export class JobsQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<JobView>> {
    return readPage<JobView>(this.db, { select: COLUMNS, ...mine(), query, spec: JobList });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<JobView> {
    const { from, where, params } = mine();
    const [row] = await this.db.query<JobView>(`select ${SELECT} from ${from} where ${where} and j.id = $3`, [
      ...params,
      id,
    ]);
    if (!row) throw new RecordNotFound('job', id);
    return row;
  }
}

const mine = (): { from: string; where: string; params: unknown[] } => ({
  from: 'jobs j',
  where: 'j.tenant_id = $1 and j.created_by = $2',
  params: [currentTenantId(), currentActor().id],
});
