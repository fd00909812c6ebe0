import { defineContext } from '@app/platform';
import { workMigrations } from '../migrations/index.js';
import { Project } from './projects/project.entity.js';
import { ProjectPermissions } from './projects/project.policy.js';
import { TaskRecurrence } from './recurrences/recurrence.entity.js';
import { Task } from './tasks/task.entity.js';
import { TaskPermissions } from './tasks/task.policy.js';
import { WorkApiModule, WorkWorkerModule } from './work.module.js';
import { Worklog } from './worklogs/worklog.entity.js';
import { WorklogPermissions } from './worklogs/worklog.policy.js';

export const workContext = defineContext({
  name: 'work',
  version: '1.0.0',
  description: 'What is to be done, by whom and until when, in which projects, and the time it took.',
  uses: ['auth', 'customers', 'records'],
  api: WorkApiModule,
  worker: WorkWorkerModule,
  entities: [Project, Task, TaskRecurrence, Worklog],
  migrations: workMigrations,
  permissions: [TaskPermissions, ProjectPermissions, WorklogPermissions],
});
