import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { toWish } from '../recurrences/recurrence.dto.js';
import { TASK_STATUS, TaskPermissions } from './task.policy.js';
import {
  CreateTask,
  MoveTask,
  PatchTask,
  TaskInput,
  TaskView,
  toDocument,
  toNewTask,
  toPatch,
  TrashedTaskView,
} from './tasks.dto.js';
import { MyTaskList, TaskList, TrashList } from './tasks.list.js';
import { TasksQueries } from './tasks.queries.js';
import { TasksService } from './tasks.service.js';

@ApiTags('work')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly queries: TasksQueries,
  ) {}

  @Get()
  @Allow(TaskPermissions.read)
  @ApiList(TaskList, TaskView)
  @ApiOperation({ summary: 'List tasks' })
  list(@Listed(TaskList) query: ListQuery): Promise<Page<TaskView>> {
    return this.queries.list(query);
  }

  @Get('my-tasks')
  @Allow(TaskPermissions.read)
  @ApiList(MyTaskList, TaskView)
  @ApiOperation({
    summary: 'List what I have to do',
    description: 'The most urgent first; `all=true` also what is over.',
  })
  mine(@Listed(MyTaskList) query: ListQuery): Promise<Page<TaskView>> {
    return this.queries.mine(query);
  }

  @Get('trash')
  @Allow(TaskPermissions.delete)
  @ApiList(TrashList, TrashedTaskView)
  @ApiOperation({ summary: 'List the tasks in the trash' })
  trashed(@Listed(TrashList) query: ListQuery): Promise<Page<TrashedTaskView>> {
    return this.queries.trash(query);
  }

  @Get(':id')
  @Allow(TaskPermissions.read)
  @ApiOperation({ summary: 'One task' })
  get(@Param('id', UuidPipe) id: string): Promise<TaskView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(TaskPermissions.create)
  @ApiOperation({
    summary: 'Create a task',
    description: `With \`recurrence\` it comes again: it is the first of its kind and must be due. The others are made at 06:00
in the tenant's zone, each once, before they are due. 422: \`assignee_unavailable\`, \`linked_record_not_found\`,
\`recurrence_needs_due\`.`,
  })
  create(@Body() body: CreateTask): Promise<TaskView> {
    const wish = body.recurrence && toWish(body.recurrence);
    return this.tasks.create(toNewTask(body), wish).then((task) => this.queries.changed(task));
  }

  @Put(':id')
  @Allow(TaskPermissions.update)
  @ApiOperation({
    summary: 'Replace the editable document of a task',
    description: 'What is absent is emptied, but for custom fields where none are named. For a part, use PATCH.',
  })
  replace(@Param('id', UuidPipe) id: string, @Body() body: TaskInput, @IfMatch() version?: number): Promise<TaskView> {
    return this.tasks.replace(id, toDocument(body), version).then((task) => this.queries.changed(task));
  }

  @Patch(':id')
  @Allow(TaskPermissions.update)
  @ApiOperation({
    summary: 'Change a part of a task',
    description: 'JSON Merge Patch (RFC 7396): what is absent stays, what is null goes. Lists are replaced.',
  })
  patch(@Param('id', UuidPipe) id: string, @Body() body: PatchTask, @IfMatch() version?: number): Promise<TaskView> {
    return this.tasks.amend(id, toPatch(body), version).then((task) => this.queries.changed(task));
  }

  @Put(':id/status')
  @Allow(TaskPermissions.update)
  @ApiOperation({
    summary: 'Move a task to another status',
    description: `What is not listed is 409 \`invalid_transition\`. 409 \`dependencies_open\` when it would be done before what
it waits for, \`project_closed\` when it would be re-opened in a project that is over; 422 \`block_needs_reason\`.\n\n\`\`\`mermaid\n${TASK_STATUS.toMermaid()}\n\`\`\``,
  })
  move(@Param('id', UuidPipe) id: string, @Body() body: MoveTask, @IfMatch() version?: number): Promise<TaskView> {
    return this.tasks.moveTo(id, body.status, body.reason || null, version).then((task) => this.queries.changed(task));
  }

  @Patch(':id/status')
  @Allow(TaskPermissions.update)
  @ApiOperation({ summary: 'Move a task to another status', description: 'The same as PUT.' })
  patchStatus(
    @Param('id', UuidPipe) id: string,
    @Body() body: MoveTask,
    @IfMatch() version?: number,
  ): Promise<TaskView> {
    return this.move(id, body, version);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(TaskPermissions.delete)
  @ApiOperation({ summary: 'Put a task into the trash' })
  async trash(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    await this.tasks.trash(id, version);
  }

  @Post(':id/restore')
  @HttpCode(200)
  @Allow(TaskPermissions.delete)
  @ApiOperation({ summary: 'Take a task out of the trash' })
  restore(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<TaskView> {
    return this.tasks.restore(id, version).then((task) => this.queries.changed(task));
  }
}
