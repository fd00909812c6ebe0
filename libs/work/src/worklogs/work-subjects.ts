import { CustomersFacade } from '@app/customers';
import { currentActor, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Project } from '../projects/project.entity.js';
import { ProjectReach } from '../projects/project.reach.js';
import { Task } from '../tasks/task.entity.js';
import { TaskReach } from '../tasks/task.reach.js';
import type { Subject } from './worklog.entity.js';
import { WorkedOnNothing } from './worklog.errors.js';

/** What somebody says they worked on; of the narrowest the rest follows. */
export type WorkedOn = {
  readonly taskId?: string | null;
  readonly projectId?: string | null;
  readonly customerId?: string | null;
};

/** On what somebody may work, and for whom that is. */
@Injectable()
export class WorkSubjects {
  constructor(
    private readonly db: Database,
    private readonly tasks: TaskReach,
    private readonly projects: ProjectReach,
    private readonly customers: CustomersFacade,
  ) {}

  /** @throws WorkedOnNothing for what is not there or may not be seen */
  async of({ taskId, projectId, customerId }: WorkedOn): Promise<Subject> {
    const actor = currentActor();
    if (taskId) {
      await named('/taskId', this.tasks.assertReadable(actor, taskId));
      const task = await this.db.get(Task, taskId);
      const about = task.links.filter(({ kind }) => kind === 'customers');
      const only = about.length === 1 ? (about[0]?.id ?? null) : null;
      return this.within(task.projectId, { taskId, customerId: only });
    }
    if (projectId) {
      await named('/projectId', this.projects.assertReadable(actor, projectId));
      return this.within(projectId, { taskId: null, customerId: null });
    }
    if (customerId) await named('/customerId', this.customers.assertReadable(actor, customerId));
    return { taskId: null, projectId: null, customerId: customerId ?? null, rate: null };
  }

  private async within(projectId: string | null, known: Pick<Subject, 'taskId' | 'customerId'>): Promise<Subject> {
    const project = projectId ? await this.db.get(Project, projectId) : undefined;
    return { ...known, projectId, customerId: project?.customerId ?? known.customerId, rate: project?.rate ?? null };
  }
}

const named = (pointer: '/taskId' | '/projectId' | '/customerId', asked: Promise<void>): Promise<void> =>
  asked.catch((error: unknown) => {
    throw error instanceof RecordNotFound ? new WorkedOnNothing(pointer) : error;
  });
