import { AuthFacade, type UserCard } from '@app/auth';
import type { Permission } from '@app/kernel';
import {
  cellText,
  currentActor,
  currentTenantId,
  Database,
  type Former,
  idCell,
  type ImportRow,
  refuseRow,
} from '@app/platform';
import { type FieldEntry, ImportedFields } from '@app/records';
import { Injectable } from '@nestjs/common';
import { isClosed, ProjectPermissions, type ProjectStatus } from '../../projects/project.policy.js';
import { ProjectReach } from '../../projects/project.reach.js';
import type { Task } from '../task.entity.js';
import { isOver } from '../task.policy.js';
import { TaskReach } from '../task.reach.js';
import { assigneesIn } from './task-fields.js';

type Project = {
  readonly id: string;
  readonly name: string;
  readonly status: ProjectStatus;
  readonly isReadable: boolean;
};

/** What rows name, for all of them at once; and what their tasks wait for and belong to. */
export type Surroundings = {
  readonly zone: string;
  readonly users: ReadonlyMap<string, UserCard>;
  readonly teams: ReadonlySet<string>;
  readonly projects: readonly Project[];
  /** The tasks that are not done among those that others wait for. */
  readonly open: ReadonlySet<string>;
  readonly entries: readonly (FieldEntry | undefined)[];
};

@Injectable()
export class TaskSurroundings {
  constructor(
    private readonly db: Database,
    private readonly auth: AuthFacade,
    private readonly tasks: TaskReach,
    private readonly reach: ProjectReach,
    private readonly own: ImportedFields,
  ) {}

  async of(rows: readonly ImportRow[]): Promise<Surroundings> {
    const values = rows.map((row) => row.values);
    const taskIds = rows.flatMap(({ recordId }) => recordId ?? []);
    const teamIds = values.flatMap((row) => idCell(row, 'teamId') ?? []);
    return {
      zone: await this.auth.zone(),
      users: await this.auth.usersCalled(values.flatMap((row) => assigneesIn(row) ?? [])),
      teams: new Set(await this.auth.existingTeams([...new Set(teamIds)])),
      projects: await this.projects(
        values.flatMap((row) => cellText(row, 'project') ?? []),
        taskIds,
      ),
      open: await this.openOnes(taskIds),
      entries: await this.own.entries('tasks', values),
    };
  }

  /** Refuses by its field what tasks were before an import and may not be again. */
  async former(held: readonly Task[], former: readonly Former[]): Promise<(task: Task, before: Former) => void> {
    const ids = (field: string): string[] => former.flatMap(({ [field]: one }) => [one].flat().filter(isText));
    const users = await this.auth.usersByIds(ids('assignees'));
    const active = new Set(users.filter(({ isActive }) => isActive).map(({ id }) => id));
    const teams = new Set(await this.auth.existingTeams(ids('teamId')));
    const homes = [...held.flatMap(({ projectId }) => projectId ?? []), ...ids('projectId')];
    const closed = new Set(
      (await this.projects(homes, [])).filter(({ status }) => isClosed(status)).map(({ id }) => id),
    );
    return (task, before) => {
      if ([before.assignees ?? []].flat().some((id) => !isText(id) || !active.has(id)))
        refuseRow('assignees', 'assignee_unavailable', 'Somebody who did it is no active user any more');
      if (isText(before.teamId) && !teams.has(before.teamId)) refuseRow('teamId', 'team_not_found', 'The team is gone');
      const home = before.projectId === undefined ? task.projectId : before.projectId;
      const status = (before.status ?? task.status) as Task['status'];
      if (isText(home) && closed.has(home) && !isOver(status))
        refuseRow('projectId', 'project_closed', 'The project is over by now');
    };
  }

  /** Of these tasks, those that the permission reaches, the trash left out. */
  async reached(permission: Permission, ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (!ids.length) return new Set();
    const params: unknown[] = [currentTenantId(), ids];
    const within = this.tasks.predicate(currentActor(), permission, params);
    const rows = await this.db.query<{ id: string }>(
      `select t.id from tasks t where t.tenant_id = $1 and t.id = any ($2::uuid[]) and t.deleted_at is null and (${within})`,
      params,
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** By id or name, and those of the tasks; whoever closes one meanwhile waits for these, or these for them. */
  private projects(words: readonly string[], taskIds: readonly string[]): Promise<Project[]> {
    const names = [...new Set(words.map((word) => word.toLowerCase()))];
    if (!names.length && !taskIds.length) return Promise.resolve([]);
    const params: unknown[] = [currentTenantId(), names, taskIds];
    const readable = this.reach.predicate(currentActor(), ProjectPermissions.read, params);
    return this.db.query<Project>(
      `select p.id, p.name, p.status, (${readable}) as "isReadable" from projects p where p.tenant_id = $1
        and (lower(p.name) = any ($2::text[]) or p.id::text = any ($2::text[])
          or p.id in (select t.project_id from tasks t where t.tenant_id = $1 and t.id = any ($3::uuid[])))
        order by p.id for share of p`,
      params,
    );
  }

  private async openOnes(taskIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (!taskIds.length) return new Set();
    const rows = await this.db.query<{ id: string }>(
      `select o.id from tasks o where o.tenant_id = $1 and o.deleted_at is null and o.status not in ('done', 'cancelled')
        and o.id in (select unnest(t.depends_on) from tasks t where t.tenant_id = $1 and t.id = any ($2::uuid[]))
        order by o.id for share of o`,
      [currentTenantId(), taskIds],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';
