import { AuthFacade } from '@app/auth';
import { Clock, type Permission } from '@app/kernel';
import { currentActor, currentTenantId, Database, isDatabaseFault } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type RecurrenceWish, TaskRecurrence } from '../recurrences/recurrence.entity.js';
import { type NewTask, Task, type TaskDocument } from './task.entity.js';
import {
  AssigneesUnavailable,
  DependenciesOpen,
  DependencyCycle,
  DependencyNotFound,
  TaskProjectNotFound,
  TaskTeamNotFound,
} from './task.errors.js';
import { isOver, TaskPermissions, type TaskStatus } from './task.policy.js';
import { TaskReach } from './task.reach.js';
import { TaskReferences } from './task-references.js';

type Verb = (task: Task, now: Date) => unknown;

@Injectable()
export class TasksService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly auth: AuthFacade,
    private readonly reach: TaskReach,
    private readonly references: TaskReferences,
  ) {}

  /**
   * Belongs to the only team of whoever creates it, unless the card names another, and is meant in the tenant's zone.
   * @throws AssigneesUnavailable, TaskTeamNotFound, DependencyNotFound, LinkedRecordNotFound, RecurrenceNeedsDue, RuleInvalid
   */
  async create(card: Omit<NewTask, 'zone'> & { zone?: string }, wish?: RecurrenceWish): Promise<Task> {
    const { id, teams } = currentActor();
    const onlyTeam = teams.length === 1 ? teams[0] : null;
    const zone = card.zone ?? (await this.auth.zone());
    const teamId = card.teamId === undefined ? onlyTeam : card.teamId;
    const task = Task.create({ ...card, zone, teamId }, id);
    return this.db.transaction(async () => {
      await this.references.assertSound(card);
      if (wish) {
        const recurrence = await this.db.create(TaskRecurrence.begin(task, wish, this.clock.now()));
        task.joinSeries(recurrence.id, recurrence.startsOn);
      }
      return this.db.create(task).catch(explain);
    });
  }

  amend(id: string, to: Partial<TaskDocument>, version?: number): Promise<Task> {
    return this.change(TaskPermissions.update, id, version, async (task) => {
      await this.references.assertSound(to, task);
      task.amend(to);
    });
  }

  /**
   * Nothing is done before what it waits for, and nothing is to do again in a project that is over.
   * @throws InvalidTransition, BlockNeedsReason, DependenciesOpen, ProjectClosed
   */
  moveTo(id: string, status: TaskStatus, reason: string | null, version?: number): Promise<Task> {
    return this.change(TaskPermissions.update, id, version, async (task, now) => {
      const wasOver = isOver(task.status);
      task.moveTo(status, reason, now);
      if (wasOver && !isOver(status)) await this.references.assertProjectOpen(task.projectId);
      if (status === 'done') await this.assertNothingOpen(task.dependsOn);
    });
  }

  tick(id: string, itemId: string, isDone: boolean, version?: number): Promise<Task> {
    return this.change(TaskPermissions.update, id, version, (task) => task.tick(itemId, isDone));
  }

  /** @throws RecordNotFound for what may not be read, DependencyCycle */
  waitFor(id: string, dependsOnId: string, version?: number): Promise<Task> {
    return this.change(TaskPermissions.update, id, version, async (task) => {
      await this.reach.assertReadable(currentActor(), dependsOnId);
      task.waitFor(dependsOnId);
    });
  }

  waitNoMoreFor(id: string, dependsOnId: string, version?: number): Promise<Task> {
    return this.change(TaskPermissions.update, id, version, (task) => task.waitNoMoreFor(dependsOnId));
  }

  trash(id: string, version?: number): Promise<Task> {
    const { id: by } = currentActor();
    return this.change(TaskPermissions.delete, id, version, (task, now) => task.trash(by, now));
  }

  /** @throws TaskNotInTrash, ProjectClosed for what is still to do */
  restore(id: string, version?: number): Promise<Task> {
    return this.change(TaskPermissions.delete, id, version, async (task) => {
      task.restore();
      if (!isOver(task.status)) await this.references.assertProjectOpen(task.projectId);
    });
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

  /**
   * In one transaction, so that what the verb asks of others still holds when it is written. The task is not held before:
   * two who let their tasks wait for each other's would wait for each other.
   */
  private async change(permission: Permission, id: string, version: number | undefined, verb: Verb): Promise<Task> {
    await this.reach.assertWithin(currentActor(), permission, id);
    return this.db
      .transaction(() => this.db.change(Task, id, version, (task) => verb(task, this.clock.now())))
      .catch(explain);
  }

  /** In the open transaction; whoever re-opens one of them waits until this one is done. */
  private async assertNothingOpen(taskIds: readonly string[]): Promise<void> {
    if (!taskIds.length) return;
    const tasks = await this.db.query<{ id: string; status: TaskStatus; isPresent: boolean }>(
      `select t.id, t.status, t.deleted_at is null as "isPresent" from tasks t
       where t.tenant_id = $1 and t.id = any ($2::uuid[]) order by t.id for share`,
      [currentTenantId(), taskIds],
    );
    const open = tasks.filter(({ status, isPresent }) => isPresent && !isOver(status)).map(({ id }) => id);
    if (open.length) throw new DependenciesOpen(open);
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
