import { CustomersModule } from '@app/customers';
import { RecordsModule } from '@app/records';
import { Module } from '@nestjs/common';
import { ProjectFieldHost } from './projects/project.field-host.js';
import { ProjectRecordFields } from './projects/project.fields.js';
import { TaskRecordFields } from './tasks/task.fields.js';
import { WorklogRecordFields } from './worklogs/worklog.fields.js';
import { ProjectPeople } from './projects/project-people.js';
import { ProjectTemplates } from './projects/project-templates.service.js';
import { ProjectWork } from './projects/project-work.js';
import { ProjectReach } from './projects/project.reach.js';
import { ProjectsAudience } from './projects/projects.audience.js';
import { SearchableProjects } from './projects/project.searchable.js';
import { ProjectsController } from './projects/projects.controller.js';
import { WorkOfCustomers } from './work.customer-records.js';
import { ProjectsOwnership } from './projects/projects.ownership.js';
import { ProjectsQueries } from './projects/projects.queries.js';
import { ProjectsService } from './projects/projects.service.js';
import { RecurrencesService } from './recurrences/recurrences.service.js';
import { RecurrencesWorker } from './recurrences/recurrences.worker.js';
import { TasksExportController } from './tasks/exporting/tasks-export.controller.js';
import { TasksExportable } from './tasks/exporting/tasks.exportable.js';
import { IMPORTING } from './tasks/importing/index.js';
import { TaskPartsController } from './tasks/task-parts.controller.js';
import { TaskFieldHost } from './tasks/task.field-host.js';
import { TaskWork } from './tasks/task-work.js';
import { TaskReferences } from './tasks/task-references.js';
import { TaskReach } from './tasks/task.reach.js';
import { SearchableTasks } from './tasks/task.searchable.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TasksOwnership } from './tasks/tasks.ownership.js';
import { TasksQueries } from './tasks/tasks.queries.js';
import { TasksService } from './tasks/tasks.service.js';
import { TasksTimeline } from './tasks/tasks.timeline.js';
import { TasksWorker } from './tasks/tasks.worker.js';
import { WorkSubjects } from './worklogs/work-subjects.js';
import { WorklogReach } from './worklogs/worklog.reach.js';
import { CustomerWorklogsController, WorklogsController } from './worklogs/worklogs.controller.js';
import { WorklogsQueries } from './worklogs/worklogs.queries.js';
import { WorklogsService } from './worklogs/worklogs.service.js';
import { WorklogsTimeline } from './worklogs/worklogs.timeline.js';
import { WorklogsWorker } from './worklogs/worklogs.worker.js';

const TASKS = [
  TaskReach,
  TaskWork,
  TaskFieldHost,
  TaskRecordFields,
  TaskReferences,
  TasksExportable,
  TasksService,
  TasksOwnership,
  RecurrencesService,
];
const PROJECTS = [
  ProjectReach,
  ProjectFieldHost,
  ProjectRecordFields,
  ProjectsAudience,
  ProjectsOwnership,
  WorkOfCustomers,
];
const WORKLOGS = [WorklogReach, WorklogRecordFields, WorkSubjects, WorklogsService];

@Module({
  imports: [CustomersModule, RecordsModule],
  providers: [...TASKS, ...PROJECTS, ...WORKLOGS],
  exports: [...TASKS, ...PROJECTS, ...WORKLOGS, CustomersModule, RecordsModule],
})
export class WorkModule {}

@Module({
  imports: [WorkModule],
  providers: [
    ...IMPORTING,
    TasksQueries,
    TasksTimeline,
    ProjectPeople,
    ProjectWork,
    ProjectTemplates,
    ProjectsQueries,
    ProjectsService,
    SearchableProjects,
    SearchableTasks,
    WorklogsQueries,
    WorklogsTimeline,
  ],
  controllers: [
    TasksExportController,
    TasksController,
    TaskPartsController,
    ProjectsController,
    WorklogsController,
    CustomerWorklogsController,
  ],
})
export class WorkApiModule {}

@Module({ imports: [WorkModule], providers: [...IMPORTING, TasksWorker, RecurrencesWorker, WorklogsWorker] })
export class WorkWorkerModule {}
