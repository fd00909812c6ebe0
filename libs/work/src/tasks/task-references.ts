import { AuthFacade } from '@app/auth';
import { anyOf } from '@app/kernel';
import { currentActor, currentTenantId, Database, GuardedRecordsPort, Ports, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Project } from '../projects/project.entity.js';
import { ProjectClosed } from '../projects/project.errors.js';
import { isClosed, type ProjectStatus } from '../projects/project.policy.js';
import { ProjectReach } from '../projects/project.reach.js';
import type { Task, TaskDocument, TaskLink } from './task.entity.js';
import {
  AssigneesUnavailable,
  DependencyNotFound,
  LinkedRecordNotFound,
  LinkKindUnknown,
  TaskMilestoneNotFound,
  TaskProjectNotFound,
} from './task.errors.js';
import { TaskReach } from './task.reach.js';

/** Whether what a task names is there, and may be named by whoever names it. */
@Injectable()
export class TaskReferences {
  constructor(
    private readonly db: Database,
    private readonly auth: AuthFacade,
    private readonly ports: Ports,
    private readonly tasks: TaskReach,
    private readonly projects: ProjectReach,
  ) {}

  /** What a task has already is not asked about again. */
  async assertSound(to: Partial<TaskDocument> & { dependsOn?: readonly string[] }, task?: Task): Promise<void> {
    const { assignees = [], links = [], dependsOn = [] } = to;
    await this.assertActive(assignees.filter((id) => !task?.assignees.includes(id.toLowerCase())));
    await this.assertProject(to, task);
    for (const id of dependsOn) await refused(this.tasks.assertReadable(currentActor(), id), new DependencyNotFound());
    for (const link of links) if (!task?.links.some((one) => isSame(one, link))) await this.assertLinkable(link);
  }

  /** @throws RecordNotFound */
  assertReadable(taskId: string): Promise<void> {
    return this.tasks.assertReadable(currentActor(), taskId);
  }

  /** In the open transaction; whoever closes the project meanwhile waits for this task, or this for them. @throws ProjectClosed */
  async assertProjectOpen(projectId: string | null): Promise<void> {
    if (!projectId) return;
    const project = await this.db.one<{ status: ProjectStatus }>(
      'select status from projects where tenant_id = $1 and id = $2 for share',
      [currentTenantId(), projectId],
    );
    if (project && isClosed(project.status)) throw new ProjectClosed(projectId, project.status);
  }

  private async assertActive(userIds: readonly string[]): Promise<void> {
    const found = await this.auth.usersByIds(userIds);
    const active = new Set(found.filter(({ isActive }) => isActive).map(({ id }) => id));
    const missing = userIds.filter((id) => !active.has(id.toLowerCase()));
    if (missing.length) throw new AssigneesUnavailable(missing);
  }

  private async assertProject(to: Partial<TaskDocument>, task?: Task): Promise<void> {
    const projectId = to.projectId === undefined ? task?.projectId : to.projectId;
    if (projectId && projectId !== task?.projectId) {
      await refused(this.projects.assertReadable(currentActor(), projectId), new TaskProjectNotFound());
      await this.assertProjectOpen(projectId);
    }
    const milestoneId = to.milestoneId;
    if (!milestoneId || milestoneId === task?.milestoneId) return;
    const project = projectId ? await this.db.find(Project, projectId) : undefined;
    if (!project?.hasMilestone(milestoneId)) throw new TaskMilestoneNotFound();
  }

  /** Any record of any context that says who may see it. @throws LinkKindUnknown, LinkedRecordNotFound */
  private async assertLinkable({ kind, id }: TaskLink): Promise<void> {
    const all = this.ports.all(GuardedRecordsPort);
    const records = all.find((one) => one.kind === kind);
    if (!records) throw new LinkKindUnknown(kind, all.map((one) => one.kind).sort());
    const params: unknown[] = [id];
    const reached = anyOf(records.ways(currentActor(), records.read, params));
    const sql = `select 1 from ${records.from} where ${records.id} = $1::uuid and ${records.isPresent} and (${reached})`;
    if (!(await this.db.one(sql, params))) throw new LinkedRecordNotFound(kind, id);
  }
}

const isSame = (one: TaskLink, other: TaskLink): boolean =>
  one.kind === other.kind && one.id === other.id.toLowerCase();

/** In a body an id that leads nowhere is a broken rule, not a missing resource. */
const refused = (asked: Promise<void>, refusal: Error): Promise<void> =>
  asked.catch((error: unknown) => {
    throw error instanceof RecordNotFound ? refusal : error;
  });
