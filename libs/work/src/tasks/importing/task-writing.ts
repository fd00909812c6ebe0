import { Clock } from '@app/kernel';
import {
  cellText,
  currentActor,
  type Former,
  given,
  idCell,
  type ImportRow,
  type ImportValues,
  refuseRow,
  type RecordUndoer,
  type RowWriter,
  shapedAs,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ProjectClosed } from '../../projects/project.errors.js';
import { isClosed } from '../../projects/project.policy.js';
import { Task, type TaskBefore, type TaskDocument } from '../task.entity.js';
import { AssigneesUnavailable, DependenciesOpen } from '../task.errors.js';
import { isOver, MOST_ASSIGNEES, type TaskStatus } from '../task.policy.js';
import { CreateTask, MoveTask, PatchTask, toNewTask, toPatch } from '../tasks.dto.js';
import { assigneesIn, IN_OWN_WORDS } from './task-fields.js';
import { type Surroundings, TaskSurroundings } from './task-surroundings.js';

/** Rows as tasks, by the shapes and the verbs of one. */
@Injectable()
export class TaskWriting {
  constructor(
    private readonly clock: Clock,
    private readonly surroundings: TaskSurroundings,
  ) {}

  async prepare(rows: readonly ImportRow[]): Promise<RowWriter<Task>> {
    const around = await this.surroundings.of(rows);
    const now = this.clock.now();
    return {
      create: (row, at) => create(row, around, around.entries[at], now),
      change: (task, row, at) => change(task, row, around, around.entries[at], now),
    };
  }

  async prepareUndo(held: readonly Task[], former: readonly Former[]): Promise<RecordUndoer<Task>> {
    const assertThere = await this.surroundings.former(held, former);
    const [by, now] = [currentActor().id, this.clock.now()];
    return {
      trash: (task) => task.trash(by, now),
      putBack: (task, before) => {
        assertThere(task, before);
        task.putBack(revived(before));
      },
    };
  }
}

/** What was is kept as JSON, in which instants are text. */
const revived = ({ dueAt, completedAt, ...before }: TaskBefore): TaskBefore => ({
  ...before,
  ...(dueAt !== undefined && { dueAt: dueAt && new Date(dueAt) }),
  ...(completedAt !== undefined && { completedAt: completedAt && new Date(completedAt) }),
});

type Entry = Surroundings['entries'][number];

async function create(row: ImportValues, around: Surroundings, entry: Entry, now: Date): Promise<Task> {
  const { id: me, teams } = currentActor();
  const card = toNewTask(await shapedAs(CreateTask, given(row, IN_OWN_WORDS)));
  const onlyTeam = teams.length === 1 ? teams[0] : null;
  const { zone = around.zone, teamId = onlyTeam, ...others } = card;
  const customFields = entry?.onto({});
  const task = Task.create({ ...others, zone, teamId, ...namedBy(row, around), customFields }, me);
  assertOpen(task.projectId, around);
  await move(task, row, now);
  return task;
}

async function change(task: Task, row: ImportValues, around: Surroundings, entry: Entry, now: Date): Promise<void> {
  const [home, wasOver] = [task.projectId, isOver(task.status)];
  const patch = toPatch(await shapedAs(PatchTask, given(row, IN_OWN_WORDS)));
  task.amend({ ...patch, ...namedBy(row, around), customFields: entry?.onto(task.customFields) });
  if (task.projectId !== home) assertOpen(task.projectId, around);
  await move(task, row, now);
  if (wasOver && !isOver(task.status)) assertOpen(task.projectId, around);
  const open = task.dependsOn.filter((id) => around.open.has(id));
  if (!wasOver && task.status === 'done' && open.length) throw new DependenciesOpen(open);
}

/** What is blocked or in review has been begun. */
const BEGUN: readonly TaskStatus[] = ['blocked', 'review'];

async function move(task: Task, row: ImportValues, now: Date): Promise<void> {
  if (row.status === undefined) return;
  const asked = given({ ...row, reason: row.blockedBecause ?? '' }, ['status', 'reason']);
  const { status, reason } = await shapedAs(MoveTask, asked);
  if (task.status === 'todo' && BEGUN.includes(status)) task.moveTo('in_progress', null, now);
  task.moveTo(status, reason || null, now);
}

function assertOpen(projectId: string | null, { projects }: Surroundings): void {
  const project = projects.find(({ id }) => id === projectId);
  if (project && isClosed(project.status)) throw new ProjectClosed(project.id, project.status);
}

/** The records that a row names, as the task has them. */
function namedBy(row: ImportValues, around: Surroundings): Partial<TaskDocument> {
  const [projectId, assignees] = [projectOf(row, around), usersOf(row, around)];
  const teamId = idCell(row, 'teamId');
  if (teamId && !around.teams.has(teamId)) refuseRow('teamId', 'team_not_found', 'There is no such team');
  return { ...(projectId && { projectId }), ...(assignees && { assignees }), ...(teamId && { teamId }) };
}

function projectOf(row: ImportValues, { projects }: Surroundings): string | undefined {
  const word = cellText(row, 'project')?.toLowerCase();
  if (word === undefined) return undefined;
  const isMeant = ({ id, name }: { id: string; name: string }): boolean => id === word || name.toLowerCase() === word;
  const [one, other] = projects.filter((project) => project.isReadable && isMeant(project));
  if (!one) return refuseRow('project', 'project_not_found', 'There is no such project that you may see');
  return other ? refuseRow('project', 'ambiguous', 'Several projects are called so') : one.id;
}

function usersOf(row: ImportValues, { users }: Surroundings): string[] | undefined {
  const words = assigneesIn(row);
  if (words && words.length > MOST_ASSIGNEES)
    refuseRow('assignees', 'too_many_assignees', `must be at most ${MOST_ASSIGNEES} users`);
  return words?.map((word) => {
    const user = users.get(word);
    if (!user?.isActive) throw new AssigneesUnavailable([word]);
    return user.id;
  });
}
