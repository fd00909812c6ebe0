import { cellText, currentTenantId, Database, type ImportValues, refuseRow } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { rankBetween } from '../board/rank.js';
import { PipelineStage } from '../pipelines/pipeline-stage.entity.js';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';

type Pipeline = {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly isDefault: boolean;
  readonly isArchived: boolean;
};

/** All columns of the board: a tenant has few, and a file may name each. */
@Injectable()
export class BoardColumns {
  constructor(
    private readonly db: Database,
    private readonly pipelines: PipelinesQueries,
  ) {}

  async all(): Promise<Columns> {
    await this.pipelines.named(); // there is a default one once it is asked for
    const tenant = [currentTenantId()];
    const pipelines = await this.db.query<Pipeline>(
      `select p.id, p.name, p.currency, p.is_default as "isDefault", p.archived_at is not null as "isArchived" from pipelines p
        where p.tenant_id = $1 order by p.id`,
      tenant,
    );
    const stages = await this.db.findWhere(PipelineStage, 'tenant_id = $1 order by position, id', tenant);
    const tops = await this.db.query<{ stageId: string; rank: string }>(
      `select d.stage_id as "stageId", min(d.rank) as rank from deals d
        where d.tenant_id = $1 and d.status = 'open' and d.deleted_at is null group by d.stage_id`,
      tenant,
    );
    return new Columns(pipelines, stages, new Map(tops.map(({ stageId, rank }) => [stageId, rank])));
  }
}

/** The columns as they are filled: each card that comes goes on top of those that came before. */
export class Columns {
  constructor(
    private readonly pipelines: readonly Pipeline[],
    private readonly stages: readonly PipelineStage[],
    private readonly tops: Map<string, string>,
  ) {}

  stage(id: string): PipelineStage | undefined {
    return this.stages.find((stage) => stage.id === id);
  }

  /** The stage that a row names, in the pipeline that it names or else in `pipelineId`; undefined where it names neither. */
  named(row: ImportValues, pipelineId = this.usual.id): PipelineStage | undefined {
    const [pipeline, stage] = [cellText(row, 'pipeline'), cellText(row, 'stage')];
    if (pipeline === undefined && stage === undefined) return undefined;
    const byId = stage === undefined ? undefined : this.stage(stage.toLowerCase());
    const home = pipeline === undefined ? (byId?.pipelineId ?? pipelineId) : this.pipeline(pipeline).id;
    const there = this.stages.filter((one) => one.pipelineId === home);
    const found = stage === undefined ? there : there.filter((one) => one === byId || isCalled(one, stage));
    const [first, other] = found;
    if (!first) return refuseRow('stage', 'stage_unknown', 'There is no such stage in the pipeline');
    if (other && stage !== undefined) refuseRow('stage', 'ambiguous', 'Several stages of the pipeline are called so');
    this.assertInUse(first, pipeline === undefined ? 'stage' : 'pipeline');
    return first;
  }

  /** Refuses the row by that field where nothing is sold any more. */
  assertInUse({ pipelineId }: PipelineStage, field = 'stage'): void {
    const isArchived = this.pipelines.some((one) => one.id === pipelineId && one.isArchived);
    if (isArchived) refuseRow(field, 'pipeline_archived', 'The pipeline is archived');
  }

  /** Where new deals begin. */
  get first(): PipelineStage {
    const stage = this.stages.find(({ pipelineId }) => pipelineId === this.usual.id);
    if (!stage) throw new Error('A pipeline always has a stage');
    return stage;
  }

  currencyOf({ pipelineId }: PipelineStage): string {
    return (this.pipelines.find(({ id }) => id === pipelineId) ?? this.usual).currency;
  }

  onTop({ id }: PipelineStage): string {
    const rank = rankBetween(null, this.tops.get(id) ?? null);
    this.tops.set(id, rank);
    return rank;
  }

  private get usual(): Pipeline {
    const usual = this.pipelines.find(({ isDefault }) => isDefault);
    if (!usual) throw new Error('Every tenant has a default pipeline');
    return usual;
  }

  private pipeline(word: string): Pipeline {
    const [one, other] = this.pipelines.filter((each) => each.id === word.toLowerCase() || isCalled(each, word));
    if (!one) return refuseRow('pipeline', 'pipeline_unknown', 'There is no such pipeline');
    return other ? refuseRow('pipeline', 'ambiguous', 'Several pipelines are called so') : one;
  }
}

const isCalled = ({ name }: { name: string }, word: string): boolean => name.toLowerCase() === word.toLowerCase();
