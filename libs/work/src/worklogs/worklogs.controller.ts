import { Allow, ApiList, IfMatch, InPerson, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { WorklogPermissions } from './worklog.policy.js';
import {
  ApprovedWork,
  ApproveWork,
  CorrectWork,
  RecordWork,
  StartWork,
  StopWork,
  WorklogDetail,
  WorklogView,
} from './worklogs.dto.js';
import { WorklogList } from './worklogs.list.js';
import { WorklogsQueries } from './worklogs.queries.js';
import { WorklogsService } from './worklogs.service.js';

@ApiTags('work')
@Controller('worklogs')
export class WorklogsController {
  constructor(
    private readonly worklogs: WorklogsService,
    private readonly queries: WorklogsQueries,
  ) {}

  @Get()
  @Allow(WorklogPermissions.read)
  @ApiList(WorklogList, WorklogView)
  @ApiOperation({ summary: 'List records of time' })
  list(@Listed(WorklogList) query: ListQuery): Promise<Page<WorklogView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(WorklogPermissions.read)
  @ApiOperation({ summary: 'One record of time', description: 'With what it overlaps.' })
  get(@Param('id', UuidPipe) id: string): Promise<WorklogDetail> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(WorklogPermissions.create)
  @ApiOperation({ summary: 'Record time of one’s own by hand' })
  record(
    @Body() { startedAt, minutes, description = '', isBillable = true, ...on }: RecordWork,
  ): Promise<WorklogDetail> {
    return this.worklogs
      .record(on, { startedAt, minutes, description, isBillable })
      .then((worklog) => this.queries.changed(worklog));
  }

  @Post('start')
  @Allow(WorklogPermissions.create)
  @ApiOperation({
    summary: 'Start a timer',
    description: 'One runs at a time for each person: 409 `timer_running`.',
  })
  start(@Body() { description = '', isBillable = true, ...on }: StartWork): Promise<WorklogDetail> {
    return this.worklogs.start(on, { description, isBillable }).then((worklog) => this.queries.changed(worklog));
  }

  @Post('stop')
  @HttpCode(200)
  @Allow(WorklogPermissions.create)
  @ApiOperation({
    summary: 'Stop the timer',
    description: 'A minute that was begun counts. 409 `no_timer_running`.',
  })
  stop(@Body() { description }: StopWork): Promise<WorklogDetail> {
    return this.worklogs.stop(description).then((worklog) => this.queries.changed(worklog));
  }

  @Post('approve')
  @InPerson()
  @HttpCode(200)
  @Allow(WorklogPermissions.approve)
  @ApiOperation({
    summary: 'Approve records of time',
    description: 'All of them or none; they are locked from then on. 403 `own_worklog`, 409 `worklog_running`.',
  })
  async approve(@Body() { ids }: ApproveWork): Promise<ApprovedWork> {
    return { ids: await this.worklogs.approve(ids) };
  }

  @Post(':id/reopen')
  @InPerson()
  @HttpCode(200)
  @Allow(WorklogPermissions.approve)
  @ApiOperation({ summary: 'Take an approval back', description: 'The record is unlocked.' })
  reopen(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<WorklogDetail> {
    return this.worklogs.reopen(id, version).then((worklog) => this.queries.changed(worklog));
  }

  @Patch(':id')
  @Allow(WorklogPermissions.update)
  @ApiOperation({
    summary: 'Correct a record of time',
    description: 'One’s own within a month. 423 `worklog_locked` once it is approved, `worklog_too_old`.',
  })
  correct(
    @Param('id', UuidPipe) id: string,
    @Body() body: CorrectWork,
    @IfMatch() version?: number,
  ): Promise<WorklogDetail> {
    return this.worklogs.correct(id, body, version).then((worklog) => this.queries.changed(worklog));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(WorklogPermissions.update)
  @ApiOperation({
    summary: 'Take a record of time away',
    description: 'For good; the audit trail keeps it. 423 `worklog_locked`.',
  })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.worklogs.remove(id, version);
  }
}

@ApiTags('work')
@Controller('customers/:id/worklogs')
export class CustomerWorklogsController {
  constructor(private readonly queries: WorklogsQueries) {}

  @Get()
  @Allow(WorklogPermissions.read)
  @ApiList(WorklogList, WorklogView)
  @ApiOperation({ summary: 'List the time that was worked for a customer' })
  list(@Param('id', UuidPipe) id: string, @Listed(WorklogList) query: ListQuery): Promise<Page<WorklogView>> {
    return this.queries.listOfCustomer(id, query);
  }
}
