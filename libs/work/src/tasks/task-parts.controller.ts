import { Allow, IfMatch, UuidPipe, Writes } from '@app/platform';
import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RecurrenceDto, toWish } from '../recurrences/recurrence.dto.js';
import { RecurrencesService } from '../recurrences/recurrences.service.js';
import { TaskPermissions } from './task.policy.js';
import { TaskView, TickItem } from './tasks.dto.js';
import { TasksQueries } from './tasks.queries.js';
import { TasksService } from './tasks.service.js';

@ApiTags('work')
@Controller('tasks/:id')
export class TaskPartsController {
  constructor(
    private readonly tasks: TasksService,
    private readonly recurrences: RecurrencesService,
    private readonly queries: TasksQueries,
  ) {}

  @Patch('checklist/:itemId')
  @Allow(TaskPermissions.update)
  @Writes('tasks', 'checklist')
  @ApiOperation({ summary: 'Tick an item of the checklist, or clear it' })
  tick(
    @Param('id', UuidPipe) id: string,
    @Param('itemId', UuidPipe) itemId: string,
    @Body() { isDone }: TickItem,
    @IfMatch() version?: number,
  ): Promise<TaskView> {
    return this.tasks.tick(id, itemId, isDone, version).then((task) => this.queries.changed(task));
  }

  @Put('dependencies/:dependsOnId')
  @Allow(TaskPermissions.update)
  @ApiOperation({
    summary: 'Let a task wait for another one',
    description: '422 `dependency_cycle` when that one waits for it already, directly or over others.',
  })
  waitFor(
    @Param('id', UuidPipe) id: string,
    @Param('dependsOnId', UuidPipe) dependsOnId: string,
    @IfMatch() version?: number,
  ): Promise<TaskView> {
    return this.tasks.waitFor(id, dependsOnId, version).then((task) => this.queries.changed(task));
  }

  @Delete('dependencies/:dependsOnId')
  @HttpCode(200)
  @Allow(TaskPermissions.update)
  @ApiOperation({ summary: 'Let a task wait no more for another one' })
  waitNoMoreFor(
    @Param('id', UuidPipe) id: string,
    @Param('dependsOnId', UuidPipe) dependsOnId: string,
    @IfMatch() version?: number,
  ): Promise<TaskView> {
    return this.tasks.waitNoMoreFor(id, dependsOnId, version).then((task) => this.queries.changed(task));
  }

  @Put('recurrence')
  @Allow(TaskPermissions.update)
  @ApiOperation({
    summary: 'Let a task come again, or from now on by another rule',
    description: `What comes from now on looks as this task does now; what was made before stays. \`COUNT\` counts from here.
422 \`recurrence_needs_due\`.`,
  })
  recur(@Param('id', UuidPipe) id: string, @Body() body: RecurrenceDto): Promise<TaskView> {
    return this.recurrences.recur(id, toWish(body)).then((task) => this.queries.changed(task));
  }

  @Post('recurrence/skip')
  @HttpCode(200)
  @Allow(TaskPermissions.update)
  @ApiOperation({
    summary: 'Leave out the next occurrence',
    description: '409 `nothing_to_skip` where the next one depends on when this one is done.',
  })
  skip(@Param('id', UuidPipe) id: string): Promise<TaskView> {
    return this.recurrences.skipNext(id).then((task) => this.queries.changed(task));
  }

  @Delete('recurrence')
  @HttpCode(200)
  @Allow(TaskPermissions.update)
  @ApiOperation({ summary: 'Let a task come again no more', description: 'What was made before stays.' })
  end(@Param('id', UuidPipe) id: string): Promise<TaskView> {
    return this.recurrences.end(id).then((task) => this.queries.changed(task));
  }
}
