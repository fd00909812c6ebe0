import { isDeepStrictEqual } from 'node:util';
import { Aggregate, isZone, newId } from '@app/kernel';
import type { FieldValues } from '@app/records';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { changedFields } from '../changed-fields.js';
import { TaskAssigned, TaskCreated, TaskRestored, TaskStatusChanged, TaskTrashed, TaskUpdated } from '../events.js';
import { instantAt } from '../wall-time.js';
import {
  BlockNeedsReason,
  DueTwice,
  ItemNotFound,
  TaskInTrash,
  TaskNotInTrash,
  TooManyDependencies,
  ZoneUnknown,
} from './task.errors.js';
import { isOver, MOST_DEPENDENCIES, TASK_STATUS, type TaskPriority, type TaskStatus } from './task.policy.js';

export type ChecklistItem = { readonly id: string; readonly text: string; readonly isDone: boolean };
/** A record of any context that guards its records, by their kind and its id: `{ kind: 'customers', id }`. */
export type TaskLink = { readonly kind: string; readonly id: string };

/** What people edit. Due at a time, on a day of `zone`, or not at all. */
export type TaskDocument = {
  title: string;
  description: string;
  priority: TaskPriority;
  dueAt: Date | null;
  dueOn: string | null;
  zone: string;
  projectId: string | null;
  milestoneId: string | null;
  teamId: string | null;
  assignees: readonly string[];
  checklist: readonly { id?: string; text: string; isDone?: boolean }[];
  links: readonly TaskLink[];
  customFields: FieldValues;
};
export type NewTask = Pick<TaskDocument, 'title' | 'zone'> &
  Partial<TaskDocument> & {
    id?: string;
    dependsOn?: readonly string[];
    series?: { readonly recurrenceId: string; readonly occurrence: string };
  };

/** What of a task a file may say, and taking it back puts back. */
export const IMPORTED_PROPERTIES = [
  ...(['title', 'description', 'status', 'blockedBecause', 'completedAt', 'priority', 'dueAt', 'dueOn'] as const),
  ...(['zone', 'projectId', 'milestoneId', 'teamId', 'assignees', 'customFields'] as const),
] as const;
export type TaskBefore = Partial<Pick<Task, (typeof IMPORTED_PROPERTIES)[number]>>;

const PLAIN_FIELDS = [
  ...(['title', 'description', 'priority', 'projectId', 'milestoneId', 'teamId', 'customFields'] as const),
] as const;

@Entity('tasks')
export class Task extends Aggregate<Task> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly title: string;
  @Column('text') readonly description: string;
  @Column('text') readonly status: TaskStatus;
  @Column({ type: 'text', nullable: true }) readonly blockedBecause: string | null;
  @Column('text') readonly priority: TaskPriority;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly dueAt: Date | null;
  @Column({ type: 'date', nullable: true }) readonly dueOn: string | null;
  @Column('text') readonly zone: string;
  @Column({ type: 'uuid', nullable: true }) readonly projectId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly milestoneId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly teamId: string | null;
  @Column('uuid', { array: true }) readonly assignees: readonly string[];
  @Column('uuid', { array: true }) readonly dependsOn: readonly string[];
  @Column('jsonb') readonly checklist: readonly ChecklistItem[];
  @Column('jsonb') readonly links: readonly TaskLink[];
  @Column('jsonb') readonly customFields: FieldValues;
  @Column({ type: 'uuid', nullable: true }) readonly recurrenceId: string | null;
  @Column({ type: 'date', nullable: true }) readonly occurrence: string | null;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly completedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly deletedAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly deletedBy: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** @throws DueTwice, ZoneUnknown, TooManyDependencies */
  static create(card: NewTask, createdBy: string): Task {
    const task = new Task().change({
      id: card.id ?? newId(),
      title: card.title,
      description: card.description ?? '',
      status: TASK_STATUS.initial,
      blockedBecause: null,
      priority: card.priority ?? 'normal',
      ...dueOf({ dueAt: card.dueAt ?? null, dueOn: card.dueOn ?? null, zone: card.zone }),
      projectId: card.projectId ?? null,
      milestoneId: card.milestoneId ?? null,
      teamId: card.teamId ?? null,
      assignees: unique(card.assignees ?? []),
      dependsOn: boundedDependencies(card.dependsOn ?? []),
      checklist: itemsOf(card.checklist ?? []),
      links: uniqueLinks(card.links ?? []),
      customFields: card.customFields ?? {},
      recurrenceId: card.series?.recurrenceId ?? null,
      occurrence: card.series?.occurrence ?? null,
      createdBy,
      completedAt: null,
      deletedAt: null,
      deletedBy: null,
    });
    const { id: taskId, assignees, recurrenceId } = task;
    task.raise(TaskCreated({ taskId, assignees: [...assignees], recurrenceId }));
    return task;
  }

  /** Takes over what is given and differs. The status and what it waits for have verbs of their own. */
  amend(to: Partial<TaskDocument>): void {
    this.assertPresent();
    const isElsewhere = to.projectId !== undefined && to.projectId !== this.projectId;
    const wanted: Partial<Task> = {
      ...Object.fromEntries(PLAIN_FIELDS.filter((name) => to[name] !== undefined).map((name) => [name, to[name]])),
      ...(isElsewhere && to.milestoneId === undefined && { milestoneId: null }),
      ...this.dueAfter(to),
      ...(to.checklist && { checklist: itemsOf(to.checklist) }),
      ...(to.links && { links: uniqueLinks(to.links) }),
    };
    const changes = changedFields<Task>(this, wanted);
    const changed = Object.keys(changes);
    this.change(changes);
    if (changed.length) this.raise(TaskUpdated({ taskId: this.id, changed }));
    if (to.assignees) this.assign(to.assignees);
  }

  assign(userIds: readonly string[]): void {
    this.assertPresent();
    const assignees = unique(userIds);
    const [added, removed] = [without(assignees, this.assignees), without(this.assignees, assignees)];
    if (!added.length && !removed.length) return;
    this.change({ assignees });
    this.raise(TaskAssigned({ taskId: this.id, added, removed }));
  }

  /** What one of those who do it had to do becomes another's; nobody's for null. */
  passOn(from: string, to: string | null): void {
    this.assign(this.assignees.flatMap((one) => (one === from ? (to ?? []) : one)));
  }

  /** @throws InvalidTransition, BlockNeedsReason */
  moveTo(status: TaskStatus, reason: string | null, now: Date): void {
    this.assertPresent();
    const from = this.status;
    if (from === status) return;
    TASK_STATUS.assert(from, status);
    if (status === 'blocked' && !reason) throw new BlockNeedsReason();
    this.change({
      status,
      blockedBecause: status === 'blocked' ? reason : null,
      completedAt: isOver(status) ? now : null,
    });
    this.raise(TaskStatusChanged({ taskId: this.id, from, to: status, reason }));
  }

  /** As it was before, whatever way it has gone since: what changed it is taken back. */
  putBack({ status, assignees, ...document }: TaskBefore): void {
    this.assertPresent();
    const from = this.status;
    this.change({ ...document, ...(status && { status }) });
    const changed = Object.keys(document);
    if (changed.length) this.raise(TaskUpdated({ taskId: this.id, changed }));
    if (status && status !== from)
      this.raise(TaskStatusChanged({ taskId: this.id, from, to: status, reason: this.blockedBecause }));
    if (assignees) this.assign(assignees);
  }

  /** @throws ItemNotFound */
  tick(itemId: string, isDone: boolean): void {
    this.assertPresent();
    const item = this.checklist.find(({ id }) => id === itemId);
    if (!item) throw new ItemNotFound(itemId);
    if (item.isDone === isDone) return;
    this.change({ checklist: this.checklist.map((one) => (one === item ? { ...one, isDone } : one)) });
    this.raise(TaskUpdated({ taskId: this.id, changed: ['checklist'] }));
  }

  /** @throws TooManyDependencies; whether there is such a task and no circle, PostgreSQL knows */
  waitFor(taskId: string): void {
    this.setDependencies([...this.dependsOn, taskId]);
  }

  waitNoMoreFor(taskId: string): void {
    this.setDependencies(without(this.dependsOn, [taskId]));
  }

  /** The task is an occurrence of this recurrence from now on. */
  joinSeries(recurrenceId: string, occurrence: string): void {
    this.assertPresent();
    this.change({ recurrenceId, occurrence });
    this.raise(TaskUpdated({ taskId: this.id, changed: ['recurrence'] }));
  }

  trash(by: string, now: Date): void {
    this.assertPresent();
    this.change({ deletedAt: now, deletedBy: by });
    this.raise(TaskTrashed({ taskId: this.id }));
  }

  /** @throws TaskNotInTrash */
  restore(): void {
    if (!this.deletedAt) throw new TaskNotInTrash(this.id);
    this.change({ deletedAt: null, deletedBy: null });
    this.raise(TaskRestored({ taskId: this.id }));
  }

  private setDependencies(taskIds: readonly string[]): void {
    this.assertPresent();
    const dependsOn = boundedDependencies(taskIds);
    if (isDeepStrictEqual(dependsOn, this.dependsOn)) return;
    this.change({ dependsOn });
    this.raise(TaskUpdated({ taskId: this.id, changed: ['dependsOn'] }));
  }

  /** A new time takes the place of a day, and the other way round; nothing takes the place of either. */
  private dueAfter({ dueAt, dueOn, zone = this.zone }: Partial<TaskDocument>): Due {
    if (dueAt || dueOn) return dueOf({ dueAt: dueAt ?? null, dueOn: dueOn ?? null, zone });
    const isCleared = dueAt === null || (dueOn === null && this.dueOn !== null);
    if (isCleared) return dueOf({ dueAt: null, dueOn: null, zone });
    return dueOf({ dueAt: this.dueOn ? null : this.dueAt, dueOn: this.dueOn, zone });
  }

  private assertPresent(): void {
    if (this.deletedAt) throw new TaskInTrash(this.id);
  }
}

type Due = Pick<TaskDocument, 'dueAt' | 'dueOn' | 'zone'>;

/** What is due on a day is due by its end. */
function dueOf({ dueAt, dueOn, zone }: Due): Due {
  if (!isZone(zone)) throw new ZoneUnknown(zone);
  if (dueAt && dueOn) throw new DueTwice();
  return { dueAt: dueOn ? instantAt(dueOn, null, zone) : dueAt, dueOn, zone };
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids.map((id) => id.toLowerCase()))];
const without = (ids: readonly string[], others: readonly string[]): string[] =>
  ids.filter((id) => !others.includes(id));

const uniqueLinks = (links: readonly TaskLink[]): TaskLink[] => [
  ...new Map(links.map(({ kind, id }) => [`${kind} ${id.toLowerCase()}`, { kind, id: id.toLowerCase() }])).values(),
];

const itemsOf = (items: TaskDocument['checklist']): ChecklistItem[] =>
  items.map(({ id = newId(), text, isDone = false }) => ({ id, text, isDone }));

function boundedDependencies(taskIds: readonly string[]): string[] {
  const ids = unique(taskIds);
  if (ids.length > MOST_DEPENDENCIES) throw new TooManyDependencies(MOST_DEPENDENCIES);
  return ids;
}
