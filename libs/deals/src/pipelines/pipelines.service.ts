import { AuthFacade } from '@app/auth';
import { Clock } from '@app/kernel';
import { currentTenantId, Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Deal } from '../deals/deal.entity.js';
import {
  LastStageStays,
  PipelineArchived,
  PipelineInUse,
  PipelineNameTaken,
  StageNameTaken,
  StageNeedsTarget,
  StageUnknown,
  TooManyStages,
} from './pipeline.errors.js';
import { Pipeline, type PipelineDocument } from './pipeline.entity.js';
import { MOST_STAGES } from './pipeline.policy.js';
import { PipelineStage, type StageDocument } from './pipeline-stage.entity.js';
import { USUAL_NAME, USUAL_STAGES } from './usual-pipeline.js';

type NewPipeline = Pick<PipelineDocument, 'name'> & Partial<PipelineDocument>;

const nameTaken = (name: string) => onConstraint('pipelines_name_is_free', () => new PipelineNameTaken(name));
const stageTaken = (name: string) => onConstraint('pipeline_stages_name_is_free', () => new StageNameTaken(name));

/** Which pipelines there are, and which stages they have. */
@Injectable()
export class PipelinesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly auth: AuthFacade,
  ) {}

  /** In the tenant's currency unless it names another. @throws PipelineNameTaken, StageNameTaken */
  async create({ name, currency }: NewPipeline, stages: readonly StageDocument[]): Promise<Pipeline> {
    const twice = stages.find((stage, at) => stages.findIndex((other) => other.name === stage.name) !== at)?.name;
    if (twice !== undefined) throw new StageNameTaken(twice);
    const document = { name, currency: currency ?? (await this.auth.currency()) };
    return this.found(Pipeline.of(document), stages).catch(nameTaken(name));
  }

  /** @throws PipelineNameTaken */
  edit(id: string, to: Partial<PipelineDocument>, version?: number): Promise<Pipeline> {
    return this.db.change(Pipeline, id, version, (pipeline) => pipeline.edit(to)).catch(nameTaken(to.name ?? ''));
  }

  /** New deals go into this one from now on. @throws PipelineArchived */
  makeDefault(id: string, version?: number): Promise<Pipeline> {
    return this.db.transaction(async () => {
      await this.holdDefault();
      const pipeline = await this.db.lock(Pipeline, id, version);
      if (pipeline.isDefault) return pipeline;
      for (const former of await this.defaults()) {
        former.takeNewDeals(false);
        await this.db.save(former);
      }
      pipeline.takeNewDeals(true);
      return this.db.save(pipeline);
    });
  }

  /**
   * No deal is open in it any more: those that are go to the stage `to` of another one, whatever that demands. It is held, so that
   * none comes in meanwhile. @throws DefaultPipelineStays, PipelineInUse with how many are open, StageUnknown, PipelineArchived
   */
  archive(id: string, to: string | undefined, version?: number): Promise<Pipeline> {
    return this.db.transaction(async () => {
      const pipeline = await this.db.lock(Pipeline, id, version);
      pipeline.archive(this.clock.now());
      const open = await this.db.findWhere(
        Deal,
        "tenant_id = $1 and pipeline_id = $2 and status = 'open' and deleted_at is null order by id for update",
        [currentTenantId(), id],
      );
      if (open.length && to === undefined) throw new PipelineInUse(open.length);
      if (to !== undefined) await this.moveAll(open, await this.target(to, (stage) => stage.pipelineId !== id));
      return this.db.save(pipeline);
    });
  }

  restore(id: string, version?: number): Promise<Pipeline> {
    return this.db.change(Pipeline, id, version, (pipeline) => pipeline.restore());
  }

  /** @throws PipelineInUse, DefaultPipelineStays */
  async remove(id: string, version?: number): Promise<void> {
    const inUse = onConstraint('deals_stage', () => new PipelineInUse());
    await this.db
      .transaction(async () => {
        const pipeline = await this.db.lock(Pipeline, id, version);
        pipeline.assertRemovable();
        await this.db.remove(pipeline);
      })
      .catch(inUse);
  }

  /** @throws RecordNotFound, StageNameTaken, TooManyStages */
  addStage(pipelineId: string, document: StageDocument): Promise<PipelineStage> {
    return this.db
      .transaction(async () => {
        await this.db.lock(Pipeline, pipelineId);
        if ((await this.stagesOf(pipelineId)).length >= MOST_STAGES) throw new TooManyStages(MOST_STAGES);
        return this.db.create(PipelineStage.of(pipelineId, document));
      })
      .catch(stageTaken(document.name));
  }

  /** @throws RecordNotFound, StageNameTaken */
  async editStage(
    pipelineId: string,
    stageId: string,
    to: Partial<StageDocument>,
    version?: number,
  ): Promise<PipelineStage> {
    await this.stageOf(pipelineId, stageId);
    return this.db.change(PipelineStage, stageId, version, (stage) => stage.edit(to)).catch(stageTaken(to.name ?? ''));
  }

  /**
   * What is in it goes to the stage `to`, of this pipeline or another, whatever that one demands: the stage is gone, and
   * its deals are not. @throws RecordNotFound, LastStageStays, StageNeedsTarget, StageUnknown, PipelineArchived
   */
  removeStage(pipelineId: string, stageId: string, to: string | undefined, version?: number): Promise<void> {
    return this.db.transaction(async () => {
      await this.db.lock(Pipeline, pipelineId);
      const stages = await this.stagesOf(pipelineId);
      if (!stages.some(({ id }) => id === stageId)) throw new RecordNotFound('pipeline stage', stageId);
      if (stages.length === 1) throw new LastStageStays();
      // held harder than a deal that comes in holds it, by its foreign key: nothing comes in while they are moved out
      const stage = await this.db.lock(PipelineStage, stageId, version);
      await this.empty(stage, to);
      await this.db.remove(stage);
    });
  }

  /** Gives the current tenant a first pipeline; keeps those it has. */
  async ensureDefault(): Promise<void> {
    await this.db.transaction(async () => {
      await this.holdDefault();
      const [found] = await this.defaults();
      if (found) return;
      const usual = { name: USUAL_NAME, currency: await this.auth.currency() };
      await this.found(Pipeline.of(usual, true), USUAL_STAGES);
    });
  }

  private async empty(stage: PipelineStage, to: string | undefined): Promise<void> {
    const deals = await this.db.findWhere(Deal, 'tenant_id = $1 and stage_id = $2 order by id for update', [
      currentTenantId(),
      stage.id,
    ]);
    if (!deals.length) return;
    if (to === undefined) throw new StageNeedsTarget(deals.length);
    await this.moveAll(deals, await this.target(to, ({ id }) => id !== stage.id));
  }

  private async target(to: string, isElsewhere: (stage: PipelineStage) => boolean): Promise<PipelineStage> {
    const target = await this.db.find(PipelineStage, to);
    if (!target || !isElsewhere(target)) throw new StageUnknown('query/to');
    return target;
  }

  private async moveAll(deals: readonly Deal[], target: PipelineStage): Promise<void> {
    for (const deal of deals) {
      deal.leave(target, this.clock.now());
      await this.db
        .save(deal)
        .catch(onConstraint('deals_stage', () => new StageUnknown('query/to')))
        .catch(onConstraint('deals_pipeline_is_in_use', () => new PipelineArchived()));
    }
  }

  private found(pipeline: Pipeline, stages: readonly StageDocument[]): Promise<Pipeline> {
    return this.db.transaction(async () => {
      await this.db.create(pipeline);
      for (const stage of stages) await this.db.create(PipelineStage.of(pipeline.id, stage));
      return pipeline;
    });
  }

  private defaults(): Promise<Pipeline[]> {
    return this.db.findWhere(Pipeline, 'tenant_id = $1 and is_default', [currentTenantId()]);
  }

  private stagesOf(pipelineId: string): Promise<PipelineStage[]> {
    return this.db.findWhere(PipelineStage, 'tenant_id = $1 and pipeline_id = $2', [currentTenantId(), pipelineId]);
  }

  private async stageOf(pipelineId: string, stageId: string): Promise<PipelineStage> {
    const stage = await this.db.find(PipelineStage, stageId);
    if (stage?.pipelineId !== pipelineId) throw new RecordNotFound('pipeline stage', stageId);
    return stage;
  }

  private async holdDefault(): Promise<void> {
    await this.db.query("select pg_advisory_xact_lock(hashtextextended('default pipeline ' || $1::text, 0))", [
      currentTenantId(),
    ]);
  }
}
