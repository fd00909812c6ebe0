import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { PipelinePermissions } from './pipeline.policy.js';
import {
  ArchivePipelineQuery,
  EditPipelineDto,
  EditPipelineStageDto,
  PipelineDto,
  PipelineView,
  RemoveStageQuery,
  PipelineStageDto,
  PipelineStageView,
  toStage,
  toStageView,
} from './pipelines.dto.js';
import { PipelineList, PipelinesQueries } from './pipelines.queries.js';
import { PipelinesService } from './pipelines.service.js';

@Controller('pipelines')
@ApiTags('deals')
export class PipelinesController {
  constructor(
    private readonly pipelines: PipelinesService,
    private readonly queries: PipelinesQueries,
  ) {}

  @Get()
  @Allow(PipelinePermissions.read)
  @ApiOperation({ summary: 'List pipelines with their stages', description: 'Those in use, unless `archived` asks.' })
  @ApiList(PipelineList, PipelineView)
  list(@Listed(PipelineList) query: ListQuery): Promise<Page<PipelineView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(PipelinePermissions.read)
  @ApiOperation({ summary: 'Read a pipeline' })
  view(@Param('id', UuidPipe) id: string): Promise<PipelineView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(PipelinePermissions.manage)
  @ApiOperation({
    summary: 'Begin a pipeline with its stages',
    description: '409 `pipeline_name_taken`, `stage_name_taken`.',
  })
  create(@Body() { name, currency, stages }: PipelineDto): Promise<PipelineView> {
    return this.pipelines.create({ name, currency }, stages.map(toStage)).then(({ id }) => this.queries.view(id));
  }

  @Patch(':id')
  @Allow(PipelinePermissions.manage)
  @ApiOperation({ summary: 'Rename a pipeline, or change its currency' })
  edit(
    @Param('id', UuidPipe) id: string,
    @Body() to: EditPipelineDto,
    @IfMatch() version?: number,
  ): Promise<PipelineView> {
    return this.pipelines.edit(id, to, version).then(() => this.queries.view(id));
  }

  @Post(':id/make-default')
  @HttpCode(200)
  @Allow(PipelinePermissions.manage)
  @ApiOperation({ summary: 'Let new deals go into this pipeline', description: '409 `pipeline_archived`.' })
  makeDefault(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<PipelineView> {
    return this.pipelines.makeDefault(id, version).then(() => this.queries.view(id));
  }

  @Post(':id/archive')
  @HttpCode(200)
  @Allow(PipelinePermissions.manage)
  @ApiOperation({
    summary: 'Archive a pipeline',
    description: `No deal is open in it from then on, and lists leave it out; history and reports keep what was sold by it. Open deals
go to the stage \`to\`: 409 \`pipeline_in_use\` says how many there are, \`default_pipeline_stays\`, \`pipeline_archived\` of the one
that they would go to; 422 \`stage_unknown\`.`,
  })
  archive(
    @Param('id', UuidPipe) id: string,
    @Query() { to }: ArchivePipelineQuery,
    @IfMatch() version?: number,
  ): Promise<PipelineView> {
    return this.pipelines.archive(id, to, version).then(() => this.queries.view(id));
  }

  @Post(':id/restore')
  @HttpCode(200)
  @Allow(PipelinePermissions.manage)
  @ApiOperation({ summary: 'Restore an archived pipeline', description: 'Deals are begun in it again.' })
  restore(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<PipelineView> {
    return this.pipelines.restore(id, version).then(() => this.queries.view(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(PipelinePermissions.manage)
  @ApiOperation({
    summary: 'Remove a pipeline without deals',
    description: '409 `pipeline_in_use`, also by deals in the trash; `default_pipeline_stays`.',
  })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.pipelines.remove(id, version);
  }

  @Post(':id/stages')
  @Allow(PipelinePermissions.manage)
  @ApiOperation({ summary: 'Add a stage to a pipeline', description: '409 `stage_name_taken`; 422 `too_many_stages`.' })
  addStage(@Param('id', UuidPipe) id: string, @Body() stage: PipelineStageDto): Promise<PipelineStageView> {
    return this.pipelines.addStage(id, toStage(stage)).then(toStageView);
  }

  @Patch(':id/stages/:stageId')
  @Allow(PipelinePermissions.manage)
  @ApiOperation({
    summary: 'Change a stage',
    description: 'Probability and rot days hold for deals that come into it from now on. 409 `stage_name_taken`.',
  })
  editStage(
    @Param('id', UuidPipe) id: string,
    @Param('stageId', UuidPipe) stageId: string,
    @Body() to: EditPipelineStageDto,
    @IfMatch() version?: number,
  ): Promise<PipelineStageView> {
    return this.pipelines.editStage(id, stageId, to, version).then(toStageView);
  }

  @Delete(':id/stages/:stageId')
  @HttpCode(204)
  @Allow(PipelinePermissions.manage)
  @ApiOperation({
    summary: 'Remove a stage',
    description:
      'Its deals go to the stage `to`. 409 `stage_needs_target` where it has deals, `last_stage_stays`, `pipeline_archived`; 422 `stage_unknown`.',
  })
  removeStage(
    @Param('id', UuidPipe) id: string,
    @Param('stageId', UuidPipe) stageId: string,
    @Query() { to }: RemoveStageQuery,
    @IfMatch() version?: number,
  ): Promise<void> {
    return this.pipelines.removeStage(id, stageId, to, version);
  }
}
