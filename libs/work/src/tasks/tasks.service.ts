import { AuthFacade } from '@app/auth';
import { currentActor, currentTenantId, Database } from '@app/platform';
import { CustomFields, type FieldMerge } from '@app/records';
import { Injectable } from '@nestjs/common';
import { type RecurrenceWish, TaskRecurrence } from '../recurrences/recurrence.entity.js';
import { type NewTask, Task, type TaskDocument } from './task.entity.js';
import { DependenciesOpen } from './task.errors.js';
import { isOver, TaskPermissions, type TaskStatus } from './task.policy.js';
import { TaskReferences } from './task-references.js';
import { TaskWork } from './task-work.js';

const { update, delete: remove } = TaskPermissions;

@Injectable()
export class TasksService {
  constructor(
    private readonly db: Database,
    private readonly work: TaskWork,
    private readonly auth: AuthFacade,
    private readonly references: TaskReferences,
    private readonly fields: CustomFields,
  ) {}

  /**
   * Belongs to the only team of whoever creates it, unless the card names another, and is meant in the tenant's zone.
   * @throws AssigneesUnavailable, TaskTeamNotFound, DependencyNotFound, LinkedRecordNotFound, RecurrenceNeedsDue, RuleInvalid,
   * ValuesInvalid
   */
  async create(
    { customFields, ...card }: Omit<NewTask, 'zone'> & { zone?: string },
    wish?: RecurrenceWish,
  ): Promise<Task> {
    const { id, teams } = currentActor();
    const onlyTeam = teams.length === 1 ? teams[0] : null;
    const zone = card.zone ?? (await this.auth.zone());
    const teamId = card.teamId === undefined ? onlyTeam : card.teamId;
    return this.fields.merge('tasks', customFields, 'onto', (after) =>
      this.work.begin(async (now) => {
        const task = Task.create({ ...card, zone, teamId, customFields: after({}) }, id);
        await this.references.assertSound(card);
        if (!wish) return task;
        const recurrence = await this.db.create(TaskRecurrence.begin(task, wish, now));
        task.joinSeries(recurrence.id, recurrence.startsOn);
        return task;
      }),
    );
  }

  /** What is absent stays, also of custom fields. @throws RecordNotFound, TaskInTrash, ValuesInvalid, and as `create` */
  amend(id: string, to: Partial<TaskDocument>, version?: number): Promise<Task> {
    return this.rewrite(id, to, version, 'onto');
  }

  /** Custom fields stay where none are named: who does not know of them takes none away. @throws as `amend` */
  replace(id: string, to: Partial<TaskDocument>, version?: number): Promise<Task> {
    return this.rewrite(id, to, version, 'insteadOf');
  }

  /**
   * Nothing is done before what it waits for, and nothing is to do again in a project that is over.
   * @throws InvalidTransition, BlockNeedsReason, DependenciesOpen, ProjectClosed
   */
  moveTo(id: string, status: TaskStatus, reason: string | null, version?: number): Promise<Task> {
    return this.work.do(update, id, version, async (task, now) => {
      const wasOver = isOver(task.status);
      task.moveTo(status, reason, now);
      if (wasOver && !isOver(status)) await this.references.assertProjectOpen(task.projectId);
      if (status === 'done') await this.assertNothingOpen(task.dependsOn);
    });
  }

  tick(id: string, itemId: string, isDone: boolean, version?: number): Promise<Task> {
    return this.work.do(update, id, version, (task) => task.tick(itemId, isDone));
  }

  /** @throws RecordNotFound for what may not be read, DependencyCycle */
  waitFor(id: string, dependsOnId: string, version?: number): Promise<Task> {
    return this.work.do(update, id, version, async (task) => {
      await this.references.assertReadable(dependsOnId);
      task.waitFor(dependsOnId);
    });
  }

  waitNoMoreFor(id: string, dependsOnId: string, version?: number): Promise<Task> {
    return this.work.do(update, id, version, (task) => task.waitNoMoreFor(dependsOnId));
  }

  trash(id: string, version?: number): Promise<Task> {
    const { id: by } = currentActor();
    return this.work.do(remove, id, version, (task, now) => task.trash(by, now));
  }

  /** @throws TaskNotInTrash, ProjectClosed for what is still to do */
  restore(id: string, version?: number): Promise<Task> {
    return this.work.do(remove, id, version, async (task) => {
      task.restore();
      if (!isOver(task.status)) await this.references.assertProjectOpen(task.projectId);
    });
  }

  private rewrite(
    id: string,
    { customFields, ...to }: Partial<TaskDocument>,
    version: number | undefined,
    how: FieldMerge,
  ): Promise<Task> {
    return this.fields.merge('tasks', customFields, how, (after) =>
      this.work.do(update, id, version, async (task) => {
        await this.references.assertSound(to, task);
        task.amend({ ...to, customFields: after(task.customFields) });
      }),
    );
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
