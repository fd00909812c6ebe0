import { AuthFacade } from '@app/auth';
import { Clock } from '@app/kernel';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Task } from '../tasks/task.entity.js';
import { TaskPermissions } from '../tasks/task.policy.js';
import { TaskReferences } from '../tasks/task-references.js';
import { TaskWork } from '../tasks/task-work.js';
import { dayAfter, instantAt, wallTimeAt } from '../wall-time.js';
import { NotRecurring } from './recurrence.errors.js';
import { type RecurrenceWish, TaskRecurrence } from './recurrence.entity.js';
import { MORNING } from './recurrences.jobs.js';

/** How many recurrences, and tasks of each, one transaction makes. */
const BATCH = 20;
const MOST_OF_ONE = 50;

/** Tasks that come again. */
@Injectable()
export class RecurrencesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly auth: AuthFacade,
    private readonly work: TaskWork,
    private readonly references: TaskReferences,
  ) {}

  /** A task comes again from now on, or by another rule. @throws RecurrenceNeedsDue, RuleInvalid, ProjectClosed */
  recur(taskId: string, wish: RecurrenceWish): Promise<Task> {
    return this.work.holding(TaskPermissions.update, taskId, async (task, now) => {
      await this.references.assertProjectOpen(task.projectId);
      if (task.recurrenceId)
        return this.changeOf(task, async (recurrence) => {
          const { latestTaskId: id } = recurrence;
          recurrence.beginAnew(task, id === task.id ? task : await this.db.get(Task, id), wish, now);
        });
      const recurrence = await this.db.create(TaskRecurrence.begin(task, wish, now));
      task.joinSeries(recurrence.id, recurrence.startsOn);
    });
  }

  /** @throws NotRecurring, NothingToSkip */
  skipNext(taskId: string): Promise<Task> {
    return this.work.holding(TaskPermissions.update, taskId, (task, now) =>
      this.changeOf(task, (recurrence) => recurrence.skipNext(now)),
    );
  }

  /** @throws NotRecurring */
  end(taskId: string): Promise<Task> {
    return this.work.holding(TaskPermissions.update, taskId, (task, now) =>
      this.changeOf(task, (recurrence) => recurrence.end(now)),
    );
  }

  /** In the open transaction: no task of a project that is over comes again. */
  async endAllOf(projectId: string, now: Date): Promise<void> {
    const all = await this.db.query<{ id: string }>(
      'select id from task_recurrences where tenant_id = $1 and project_id = $2 and ended_at is null order by id for update',
      [currentTenantId(), projectId],
    );
    for (const { id } of all) await this.db.change(TaskRecurrence, id, undefined, (recurrence) => recurrence.end(now));
  }

  /**
   * Makes what is due before the next morning of the tenant, and what was missed, a batch at a time; whether that was all.
   * Waits for whoever holds one of them: what a person changes in that moment would else come a day late.
   */
  async spawnDue(): Promise<boolean> {
    const [now, zone] = [this.clock.now(), await this.auth.zone()];
    const horizon = nextMorning(now, zone);
    return this.db.transaction(async () => {
      const due = await this.db.query<{ id: string }>(
        `select id from task_recurrences where tenant_id = $1 and next_due_at < $2
         order by next_due_at, id limit ${BATCH} for update`,
        [currentTenantId(), horizon],
      );
      let isAll = due.length < BATCH;
      for (const { id } of due) if (!(await this.spawn(id, horizon, now))) isAll = false;
      return isAll;
    });
  }

  /** By completion the next one is planned, and made at once where it is due before the next morning. */
  async goOnAfter(taskId: string, doneAt: Date): Promise<void> {
    const task = await this.db.find(Task, taskId);
    if (!task?.recurrenceId) return;
    const { recurrenceId } = task;
    await this.db.transaction(async () => {
      const recurrence = await this.db.lock(TaskRecurrence, recurrenceId);
      recurrence.goOnAfter(taskId, doneAt);
      await this.db.save(recurrence);
      const now = this.clock.now();
      await this.spawn(recurrenceId, nextMorning(now, await this.auth.zone()), now);
    });
  }

  private async spawn(id: string, horizon: Date, now: Date): Promise<boolean> {
    const recurrence = await this.db.lock(TaskRecurrence, id);
    const found = await this.auth.usersByIds(recurrence.assignees);
    const active = new Set(found.filter(({ isActive }) => isActive).map((user) => user.id));
    const tasks = recurrence.come({ horizon, now, most: MOST_OF_ONE }, (userId) => active.has(userId));
    for (const task of tasks) await this.db.create(task);
    await this.db.save(recurrence);
    return tasks.length < MOST_OF_ONE;
  }

  private async changeOf(task: Task, verb: (recurrence: TaskRecurrence) => unknown): Promise<void> {
    if (!task.recurrenceId) throw new NotRecurring();
    const recurrence = await this.db.lock(TaskRecurrence, task.recurrenceId);
    await verb(recurrence);
    await this.db.save(recurrence);
  }
}

/** When the next day of a tenant begins. */
export function nextMorning(now: Date, zone: string): Date {
  const { date } = wallTimeAt(now, zone);
  const today = instantAt(date, MORNING, zone);
  return today > now ? today : instantAt(dayAfter(date), MORNING, zone);
}
