import { AuthFacade } from '@app/auth';
import { newId } from '@app/kernel';
import { currentActor, currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type NewTask, Task } from '../tasks/task.entity.js';
import { TaskPermissions } from '../tasks/task.policy.js';
import { TaskReach } from '../tasks/task.reach.js';
import { dayAfter, daysBetween, instantAt, wallTimeAt } from '../wall-time.js';
import { type NewProject, Project } from './project.entity.js';
import { TemplateNotFound, TemplateTooLarge } from './project.errors.js';
import { MOST_TASKS_OF_TEMPLATE } from './project.policy.js';
import { ProjectReach } from './project.reach.js';
import { ProjectsService } from './projects.service.js';

/** When in the new project what was then is; null where nothing says so. */
type Move = (day: string | null) => string | null;

/** Projects that are made after others: any project is a template for whoever may read it. */
@Injectable()
export class ProjectTemplates {
  constructor(
    private readonly db: Database,
    private readonly auth: AuthFacade,
    private readonly reach: ProjectReach,
    private readonly tasks: TaskReach,
    private readonly projects: ProjectsService,
  ) {}

  /**
   * With the milestones and the tasks that one has, none of them begun, as many days after its start as there. What is given
   * takes the place of what the template says. @throws TemplateNotFound, TemplateTooLarge, and what creating a project throws
   */
  async create(templateId: string, given: NewProject): Promise<Project> {
    await this.reach.assertReadable(currentActor(), templateId).catch((error: unknown) => {
      throw error instanceof RecordNotFound ? new TemplateNotFound() : error;
    });
    return this.db.transaction(async () => {
      const template = await this.db.get(Project, templateId);
      const tasks = await this.tasksOf(templateId);
      const isThere = await this.activeOf([...template.members, ...tasks.flatMap(({ assignees }) => assignees)]);
      const move = moveBetween(template.startsOn, given.startsOn ?? null);
      const newIds = new Map([...template.milestones, ...tasks].map(({ id }) => [id, newId()]));
      const project = await this.projects.create({
        ...documentOf(template, move),
        members: template.members.filter(isThere),
        ...given,
        milestones: template.milestones.map((one) => ({
          ...{ ...one, id: newIds.get(one.id) ?? one.id, dueOn: move(one.dueOn), isReached: false },
        })),
      });
      for (const task of inOrder(tasks)) {
        const card = cardOf(task, newIds, move);
        const assignees = task.assignees.filter(isThere);
        await this.db.create(Task.create({ ...card, projectId: project.id, assignees }, project.createdBy));
      }
      return project;
    });
  }

  /** Those that the reader may see, without what was called off; none for who may create no tasks. @throws TemplateTooLarge */
  private async tasksOf(projectId: string): Promise<Task[]> {
    const actor = currentActor();
    if (!actor.can(TaskPermissions.create)) return [];
    const params: unknown[] = [currentTenantId(), projectId];
    const reached = this.tasks.predicate(actor, TaskPermissions.read, params);
    const found = await this.db.query<{ id: string }>(
      `select t.id from tasks t where t.tenant_id = $1 and t.project_id = $2 and t.deleted_at is null and t.status <> 'cancelled'
         and (${reached}) limit ${MOST_TASKS_OF_TEMPLATE + 1}`,
      params,
    );
    if (found.length > MOST_TASKS_OF_TEMPLATE) throw new TemplateTooLarge(MOST_TASKS_OF_TEMPLATE);
    const ids = found.map(({ id }) => id);
    return this.db.findWhere(Task, 'tenant_id = $1 and id = any ($2::uuid[]) order by created_at, id', [
      currentTenantId(),
      ids,
    ]);
  }

  private async activeOf(userIds: readonly string[]): Promise<(userId: string) => boolean> {
    const found = await this.auth.usersByIds([...new Set(userIds)]);
    const active = new Set(found.filter(({ isActive }) => isActive).map(({ id }) => id));
    return (userId) => active.has(userId);
  }
}

function moveBetween(from: string | null, to: string | null): Move {
  if (!from || !to) return () => null;
  const days = daysBetween(from, to);
  return (day) => day && dayAfter(day, days);
}

const documentOf = (
  { description, customerId, dueOn, budgetMinutes, budget, rate, teamId }: Project,
  move: Move,
): Partial<NewProject> => ({ description, customerId, dueOn: move(dueOn), budgetMinutes, budget, rate, teamId });

/** What is to be done there, to be done anew. Links are left out: they lead to what that one was about. */
function cardOf(task: Task, newIds: ReadonlyMap<string, string>, move: Move): NewTask {
  const { id, title, description, priority, zone, teamId, milestoneId } = task;
  return {
    ...{ id: newIds.get(id), title, description, priority, zone, teamId, ...dueOf(task, move) },
    milestoneId: milestoneId && newIds.get(milestoneId),
    dependsOn: task.dependsOn.flatMap((one) => newIds.get(one) ?? []),
    checklist: task.checklist.map(({ text }) => ({ text })),
  };
}

/** At the same time on the wall. */
function dueOf({ dueAt, dueOn, zone }: Task, move: Move): Pick<NewTask, 'dueAt' | 'dueOn'> {
  if (dueOn) return { dueOn: move(dueOn) };
  if (!dueAt) return {};
  const { date, time } = wallTimeAt(dueAt, zone);
  const day = move(date);
  return { dueAt: day === null ? null : instantAt(day, time, zone) };
}

/** Each after those that it waits for. */
function inOrder(tasks: readonly Task[]): Task[] {
  const left = new Map(tasks.map((task) => [task.id, task]));
  const ordered: Task[] = [];
  const take = (task: Task): void => {
    if (!left.delete(task.id)) return;
    for (const id of task.dependsOn) {
      const before = left.get(id);
      if (before) take(before);
    }
    ordered.push(task);
  };
  for (const task of tasks) take(task);
  return ordered;
}
