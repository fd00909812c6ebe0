import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { TaskPermissions } from '../tasks/task.policy.js';
import { TaskView } from '../tasks/tasks.dto.js';
import { TaskList } from '../tasks/tasks.list.js';
import { TasksQueries } from '../tasks/tasks.queries.js';
import { PROJECT_STATUS, ProjectPermissions } from './project.policy.js';
import {
  CreateProject,
  MilestoneInput,
  MoveProject,
  PatchProject,
  ProjectInput,
  ProjectView,
  toDifference,
  toDocument,
  toMilestone,
  toNewProject,
  toPatch,
} from './projects.dto.js';
import { ProjectTemplates } from './project-templates.service.js';
import { ProjectList } from './projects.list.js';
import { ProjectsQueries } from './projects.queries.js';
import { ProjectsService } from './projects.service.js';

@ApiTags('work')
@Controller('projects')
export class ProjectsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly templates: ProjectTemplates,
    private readonly queries: ProjectsQueries,
    private readonly tasks: TasksQueries,
  ) {}

  @Get()
  @Allow(ProjectPermissions.read)
  @ApiList(ProjectList, ProjectView)
  @ApiOperation({
    summary: 'List projects',
    description: 'With what has come of them: tasks done and overdue, minutes worked, progress and health.',
  })
  list(@Listed(ProjectList) query: ListQuery): Promise<Page<ProjectView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(ProjectPermissions.read)
  @ApiOperation({ summary: 'One project' })
  get(@Param('id', UuidPipe) id: string): Promise<ProjectView> {
    return this.queries.view(id);
  }

  @Get(':id/tasks')
  @Allow(TaskPermissions.read)
  @ApiList(TaskList, TaskView)
  @ApiOperation({ summary: 'List the tasks of a project', description: 'Those that you may see.' })
  listTasks(@Param('id', UuidPipe) id: string, @Listed(TaskList) query: ListQuery): Promise<Page<TaskView>> {
    return this.tasks.listOfProject(id, query);
  }

  @Post()
  @Allow(ProjectPermissions.create)
  @ApiOperation({
    summary: 'Create a project',
    description: `Planned, and yours to answer for unless you name another. With \`from\` it is made after another project: with the
milestones and tasks of that one, none of them begun, each as many days after \`startsOn\` as there, and without days where either
has no start. 422 \`project_not_found\`, \`template_too_large\`.`,
  })
  create(@Body() body: CreateProject): Promise<ProjectView> {
    const created = body.from
      ? this.templates.create(body.from, toDifference(body))
      : this.projects.create(toNewProject(body));
    return created.then((project) => this.queries.changed(project));
  }

  @Put(':id')
  @Allow(ProjectPermissions.update)
  @ApiOperation({
    summary: 'Replace the editable document of a project',
    description:
      'What is absent is emptied; who answers for it stays, and so do custom fields where none are named. For a part, use PATCH.',
  })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() body: ProjectInput,
    @IfMatch() version?: number,
  ): Promise<ProjectView> {
    return this.projects.replace(id, toDocument(body), version).then((project) => this.queries.changed(project));
  }

  @Patch(':id')
  @Allow(ProjectPermissions.update)
  @ApiOperation({
    summary: 'Change a part of a project',
    description: 'JSON Merge Patch (RFC 7396): what is absent stays, what is null goes.',
  })
  patch(
    @Param('id', UuidPipe) id: string,
    @Body() body: PatchProject,
    @IfMatch() version?: number,
  ): Promise<ProjectView> {
    return this.projects.amend(id, toPatch(body), version).then((project) => this.queries.changed(project));
  }

  @Put(':id/status')
  @Allow(ProjectPermissions.update)
  @ApiOperation({
    summary: 'Move a project to another status',
    description: `What is not listed is 409 \`invalid_transition\`; 409 \`tasks_open\` when it would be over before its tasks.
\n\`\`\`mermaid\n${PROJECT_STATUS.toMermaid()}\n\`\`\``,
  })
  move(
    @Param('id', UuidPipe) id: string,
    @Body() { status, force = false }: MoveProject,
    @IfMatch() version?: number,
  ): Promise<ProjectView> {
    return this.projects.moveTo(id, status, force, version).then((project) => this.queries.changed(project));
  }

  @Put(':id/members/:userId')
  @Allow(ProjectPermissions.update)
  @ApiOperation({ summary: 'Add a member to a project', description: 'Members see the project and its tasks.' })
  enrol(
    @Param('id', UuidPipe) id: string,
    @Param('userId', UuidPipe) userId: string,
    @IfMatch() version?: number,
  ): Promise<ProjectView> {
    return this.projects.enrol(id, userId, version).then((project) => this.queries.changed(project));
  }

  @Delete(':id/members/:userId')
  @HttpCode(200)
  @Allow(ProjectPermissions.update)
  @ApiOperation({ summary: 'Take a member out of a project' })
  dismiss(
    @Param('id', UuidPipe) id: string,
    @Param('userId', UuidPipe) userId: string,
    @IfMatch() version?: number,
  ): Promise<ProjectView> {
    return this.projects.dismiss(id, userId, version).then((project) => this.queries.changed(project));
  }

  @Post(':id/milestones')
  @HttpCode(200)
  @Allow(ProjectPermissions.update)
  @ApiOperation({ summary: 'Add a milestone to a project' })
  addMilestone(
    @Param('id', UuidPipe) id: string,
    @Body() body: MilestoneInput,
    @IfMatch() version?: number,
  ): Promise<ProjectView> {
    return this.projects.addMilestone(id, toMilestone(body), version).then((project) => this.queries.changed(project));
  }

  @Put(':id/milestones/:milestoneId')
  @Allow(ProjectPermissions.update)
  @ApiOperation({ summary: 'Change a milestone of a project' })
  changeMilestone(
    @Param('id', UuidPipe) id: string,
    @Param('milestoneId', UuidPipe) milestoneId: string,
    @Body() body: MilestoneInput,
    @IfMatch() version?: number,
  ): Promise<ProjectView> {
    return this.projects
      .changeMilestone(id, milestoneId, toMilestone(body), version)
      .then((project) => this.queries.changed(project));
  }

  @Delete(':id/milestones/:milestoneId')
  @HttpCode(200)
  @Allow(ProjectPermissions.update)
  @ApiOperation({ summary: 'Take a milestone out of a project' })
  removeMilestone(
    @Param('id', UuidPipe) id: string,
    @Param('milestoneId', UuidPipe) milestoneId: string,
    @IfMatch() version?: number,
  ): Promise<ProjectView> {
    return this.projects.removeMilestone(id, milestoneId, version).then((project) => this.queries.changed(project));
  }
}
