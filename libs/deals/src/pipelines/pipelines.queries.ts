import {
  currentTenantId,
  Database,
  defineFields,
  InvalidRequest,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PipelineUnknown, StageUnknown } from './pipeline.errors.js';
import { PipelineStage } from './pipeline-stage.entity.js';
import type { PipelineView } from './pipelines.dto.js';
import { PipelinesService } from './pipelines.service.js';

// Dates of JSON are text; written as the API writes every other.
const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const STAGES = `(select json_agg(json_build_object('id', s.id, 'pipelineId', s.pipeline_id, 'name', s.name, 'position', s.position,
    'probability', s.probability, 'forecast', s.forecast, 'requires', s.requires, 'checklist', s.checklist,
    'needsApproval', s.needs_approval, 'rotDays', s.rot_days,
    'wipLimit', s.wip_limit, 'version', s.version, 'createdAt', ${instant('s.created_at')},
    'updatedAt', ${instant('s.updated_at')}) order by s.position, s.id)
  from pipeline_stages s where s.tenant_id = p.tenant_id and s.pipeline_id = p.id)`;

const COLUMNS = {
  id: 'p.id',
  name: 'p.name',
  currency: 'p.currency',
  isDefault: 'p.is_default',
  archivedAt: 'p.archived_at',
  stages: STAGES,
  version: 'p.version',
  createdAt: 'p.created_at',
  updatedAt: 'p.updated_at',
} as const;

const SELECT = Object.entries(COLUMNS)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');

export const PipelineList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'p.id' },
    name: { type: 'text', column: 'p.name', sortable: true, example: 'Sales' },
    isDefault: { type: 'boolean', column: 'p.is_default' },
    archivedAt: { type: 'instant', column: 'p.archived_at', nullable: true, sortable: true },
    createdAt: { type: 'instant', column: 'p.created_at', sortable: true },
  }),
  defaultSort: 'name',
  outputs: Object.keys(COLUMNS),
  parameters: { archived: '`true` lists the archived ones, `all` these as well; else they are left out.' },
};

@Injectable()
export class PipelinesQueries {
  constructor(
    private readonly db: Database,
    private readonly pipelines: PipelinesService,
  ) {}

  /** @throws InvalidRequest */
  async list(query: ListQuery): Promise<Page<PipelineView>> {
    const which = shownOf(query.parameters.archived);
    return readPage<PipelineView>(this.db, {
      select: COLUMNS,
      from: 'pipelines p',
      where: `p.tenant_id = $1 and ${which}`,
      params: [currentTenantId()],
      query,
      spec: PipelineList,
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<PipelineView> {
    const row = await this.db.one<PipelineView>(
      `select ${SELECT} from pipelines p where p.tenant_id = $1 and p.id = $2`,
      [currentTenantId(), id],
    );
    if (!row) throw new RecordNotFound('pipeline', id);
    return row;
  }

  /** That pipeline, or else the default one, which every tenant has once it is asked for. @throws PipelineUnknown */
  async named(id?: string): Promise<{ id: string; currency: string }> {
    const read = (): Promise<{ id: string; currency: string } | undefined> =>
      this.db.one(
        `select p.id, p.currency from pipelines p where p.tenant_id = $1 and ${id ? 'p.id = $2' : 'p.is_default'}`,
        id ? [currentTenantId(), id] : [currentTenantId()],
      );
    let found = await read();
    if (!found && !id) {
      await this.pipelines.ensureDefault();
      found = await read();
    }
    if (!found) throw new PipelineUnknown();
    return found;
  }

  /** Where new deals of a pipeline begin. */
  async firstStage(pipelineId: string): Promise<PipelineStage> {
    const [stage] = await this.db.findWhere(
      PipelineStage,
      'tenant_id = $1 and pipeline_id = $2 order by position, id limit 1',
      [currentTenantId(), pipelineId],
    );
    if (!stage) throw new Error('A pipeline always has a stage');
    return stage;
  }

  /** @throws StageUnknown */
  async stage(id: string): Promise<PipelineStage> {
    const stage = await this.db.find(PipelineStage, id);
    if (!stage) throw new StageUnknown('/stageId');
    return stage;
  }
}

/** Unless somebody asks for them, those that nothing is sold by any more are left out. */
function shownOf(archived: string | undefined): string {
  switch (archived) {
    case undefined:
    case 'false':
      return 'p.archived_at is null';
    case 'true':
      return 'p.archived_at is not null';
    case 'all':
      return 'true';
    default:
      throw new InvalidRequest([
        { pointer: 'query/archived', code: 'invalid_value', message: 'must be true, false or all' },
      ]);
  }
}
