import { Clock, type Permission } from '@app/kernel';
import { currentActor, Database, isDatabaseFault } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Task } from './task.entity.js';
import {
  AssigneesUnavailable,
  DependencyCycle,
  DependencyNotFound,
  TaskProjectNotFound,
  TaskTeamNotFound,
} from './task.errors.js';
import { TaskReach } from './task.reach.js';

type Verb = (task: Task, now: Date) => unknown;

/** One piece of work on one task: may I, then one guarded statement that writes its row. */
@Injectable()
export class TaskWork {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: TaskReach,
  ) {}

  /** In one transaction with what else its beginning makes. @throws AssigneesUnavailable, TaskTeamNotFound, TaskProjectNotFound */
  begin(make: (now: Date) => Promise<Task>): Promise<Task> {
    return this.db.transaction(async () => this.db.create(await make(this.clock.now())).catch(explain));
  }

  /**
   * In one transaction, so that what the verb asks of others still holds when it is written. The task is not held before:
   * two who let their tasks wait for each other's would wait for each other. @throws RecordNotFound, VersionConflict
   */
  async do(permission: Permission, id: string, version: number | undefined, verb: Verb): Promise<Task> {
    await this.reach.assertWithin(currentActor(), permission, id);
    return this.db
      .transaction(() => this.db.change(Task, id, version, (task) => verb(task, this.clock.now())))
      .catch(explain);
  }

  /** One verb on one task that somebody may change, once: it may do more than that. @throws RecordNotFound */
  async holding(permission: Permission, id: string, verb: Verb): Promise<Task> {
    await this.reach.assertWithin(currentActor(), permission, id);
    return this.db.transaction(async () => {
      const task = await this.db.lock(Task, id);
      await verb(task, this.clock.now());
      return this.db.save(task);
    });
  }
}

/** What PostgreSQL refused, in the words of the domain. */
function explain(error: unknown): never {
  if (!isDatabaseFault(error)) throw error;
  switch (error.constraint) {
    case 'task_dependencies_have_no_cycle':
      throw new DependencyCycle();
    case 'task_dependencies_exist':
      throw new DependencyNotFound();
    case 'task_assignees_exist':
      throw new AssigneesUnavailable([]);
    case 'tasks_team_exists':
      throw new TaskTeamNotFound();
    case 'tasks_project':
      throw new TaskProjectNotFound();
    default:
      throw error;
  }
}
