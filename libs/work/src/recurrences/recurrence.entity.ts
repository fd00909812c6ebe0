import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TaskRecurrenceEnded } from '../events.js';
import { type NewTask, Task } from '../tasks/task.entity.js';
import { instantAt, wallTimeAt } from '../wall-time.js';
import { NothingToSkip, RecurrenceNeedsDue } from './recurrence.errors.js';
import { RecurrenceRule } from './recurrence-rule.js';

export const RECURRENCE_BASES = ['due', 'completion'] as const;
export const CATCH_UPS = ['all', 'latest'] as const;

export type RecurrenceWish = {
  readonly rule: string;
  /** Reckoned from the days on which the tasks are due, or from when the last one was done. */
  readonly basis: (typeof RECURRENCE_BASES)[number];
  /** Of what was missed while nothing ran: every occurrence, or the latest alone. */
  readonly catchUp: (typeof CATCH_UPS)[number];
};
type Template = Pick<NewTask, 'title' | 'description' | 'priority' | 'milestoneId' | 'teamId' | 'links'> & {
  readonly checklist: readonly string[];
};

/** The rule by which a task comes again, and what each new one looks like. */
@Entity('task_recurrences')
export class TaskRecurrence extends Aggregate<TaskRecurrence> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly rule: string;
  @Column('text') readonly basis: RecurrenceWish['basis'];
  @Column('text') readonly catchUp: RecurrenceWish['catchUp'];
  @Column('text') readonly zone: string;
  /** `HH:MM:SS` on the wall of `zone`; null when they are due on a day. */
  @Column({ type: 'text', nullable: true }) readonly wallTime: string | null;
  @Column('date') readonly startsOn: string;
  @Column('date') readonly lastOn: string;
  @Column({ type: 'date', nullable: true }) readonly nextOn: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly nextDueAt: Date | null;
  /** The task of `lastOn`: by completion the next is planned when it is over. */
  @Column('uuid') readonly latestTaskId: string;
  @Column('int') readonly occurrences: number;
  @Column('jsonb') readonly template: Template;
  @Column('uuid', { array: true }) readonly assignees: readonly string[];
  @Column({ type: 'uuid', nullable: true }) readonly projectId: string | null;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly endedAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** Of a task, which is its first occurrence. @throws RecurrenceNeedsDue, RuleInvalid */
  static begin(task: Task, wish: RecurrenceWish, now: Date): TaskRecurrence {
    const recurrence = new TaskRecurrence().change({
      id: newId(),
      ...planOf(task, wish),
      lastOn: dayOf(task),
      latestTaskId: task.id,
      occurrences: 1,
      createdBy: task.createdBy,
      endedAt: null,
      nextOn: null,
      nextDueAt: null,
    });
    recurrence.plan(task, now);
    return recurrence;
  }

  /**
   * From this task on by another rule, and looking like it; what was made before stays. `latest`: the task of `lastOn`, which
   * may be over already. @throws RecurrenceNeedsDue, RuleInvalid
   */
  beginAnew(task: Task, latest: Task, wish: RecurrenceWish, now: Date): void {
    const day = dayOf(task);
    const follows = day > this.lastOn || this.endedAt ? task : latest;
    if (day > this.lastOn) this.change({ lastOn: day });
    this.change({ ...planOf(task, wish), latestTaskId: follows.id });
    this.change({ occurrences: 1, endedAt: null, nextOn: null, nextDueAt: null });
    this.plan(follows, now);
  }

  /**
   * What is due before `horizon`, at most so many: each is the caller's to make, once. With `latest` those are left out
   * after which another one is due by now. Whoever is no longer there does none of it.
   */
  come(
    { horizon, now, most }: { horizon: Date; now: Date; most: number },
    isThere: (userId: string) => boolean,
  ): Task[] {
    const tasks: Task[] = [];
    while (this.nextOn && this.nextDueAt && this.nextDueAt < horizon && tasks.length < most) {
      const task = Task.create(this.cardOn(this.nextOn, isThere), this.createdBy);
      this.leaveBehind(this.nextOn);
      if (this.basis === 'due') this.planFrom(this.startsOn, now);
      if (this.catchUp === 'latest' && this.nextDueAt !== null && this.nextDueAt <= now) continue;
      this.change({ latestTaskId: task.id });
      tasks.push(task);
    }
    return tasks;
  }

  /** By completion, when one of its tasks is over: the latest one plans the next; a re-opened or older one does not. */
  goOnAfter(taskId: string, doneAt: Date): void {
    const isLatest = taskId === this.latestTaskId && this.nextOn === null;
    if (this.basis !== 'completion' || this.endedAt || !isLatest) return;
    this.planFrom(wallTimeAt(doneAt, this.zone).date, doneAt);
  }

  /** What is left out counts as one; by completion, as if it had been done on its day. @throws NothingToSkip */
  skipNext(now: Date): void {
    const skipped = this.nextOn;
    if (!skipped) throw new NothingToSkip();
    this.leaveBehind(skipped);
    this.planFrom(skipped, now);
  }

  end(now: Date): void {
    if (this.endedAt) return;
    this.change({ endedAt: now, nextOn: null, nextDueAt: null });
    this.raise(TaskRecurrenceEnded({ recurrenceId: this.id }));
  }

  passOn(from: string, to: string | null): void {
    this.change({ assignees: [...new Set(this.assignees.flatMap((one) => (one === from ? (to ?? []) : one)))] });
  }

  private leaveBehind(day: string): void {
    this.change({ lastOn: day, nextOn: null, nextDueAt: null, occurrences: this.occurrences + 1 });
  }

  private cardOn(day: string, isThere: (userId: string) => boolean): NewTask {
    const { checklist, ...template } = this.template;
    return {
      ...template,
      checklist: checklist.map((text) => ({ text })),
      zone: this.zone,
      ...(this.wallTime === null ? { dueOn: day } : { dueAt: instantAt(day, this.wallTime, this.zone) }),
      projectId: this.projectId,
      assignees: this.assignees.filter(isThere),
      series: { recurrenceId: this.id, occurrence: day },
    };
  }

  /** After the latest task: by completion once that is over. */
  private plan(latest: Task, now: Date): void {
    const overAt = latest.completedAt ?? latest.deletedAt;
    if (this.basis === 'due') this.planFrom(this.startsOn, now);
    else if (overAt) this.planFrom(wallTimeAt(overAt, this.zone).date, now);
  }

  /** The next one after `lastOn`, reckoned from this day: by completion it may be later than that. */
  private planFrom(day: string, now: Date): void {
    const rule = RecurrenceRule.parse(this.rule);
    const isLast = rule.count !== null && this.occurrences >= rule.count;
    const start = this.basis === 'due' ? this.startsOn : day;
    this.planOn(isLast ? null : rule.next(start, start > this.lastOn ? start : this.lastOn), now);
  }

  private planOn(day: string | null, now: Date): void {
    if (day === null) this.end(now);
    else this.change({ nextOn: day, nextDueAt: instantAt(day, this.wallTime, this.zone) });
  }
}

function planOf(task: Task, wish: RecurrenceWish): Partial<TaskRecurrence> {
  const { title, description, priority, milestoneId, teamId, links, zone, assignees, projectId, dueAt, dueOn } = task;
  const checklist = task.checklist.map(({ text }) => text);
  return {
    ...wish,
    rule: RecurrenceRule.parse(wish.rule).toString(),
    zone,
    wallTime: dueOn || !dueAt ? null : wallTimeAt(dueAt, zone).time,
    startsOn: dayOf(task),
    template: { title, description, priority, milestoneId, teamId, links, checklist },
    assignees,
    projectId,
  };
}

/** The day on which a task is due, in its zone. @throws RecurrenceNeedsDue */
export function dayOf({ dueAt, dueOn, zone }: Task): string {
  if (dueOn) return dueOn;
  if (!dueAt) throw new RecurrenceNeedsDue();
  return wallTimeAt(dueAt, zone).date;
}
