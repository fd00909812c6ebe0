import { isId } from '@app/kernel';
import {
  currentActor,
  currentTenantId,
  Database,
  InvalidRequest,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ProjectReach } from '../projects/project.reach.js';
import { TaskPermissions } from './task.policy.js';
import { TaskReach } from './task.reach.js';
import type { TaskView, TrashedTaskView } from './tasks.dto.js';
import { MyTaskList, selectTask, taskColumns, TaskList, TASKS_FROM, trashColumns, TrashList } from './tasks.list.js';

const OPEN = `t.status not in ('done', 'cancelled')`;

@Injectable()
export class TasksQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: TaskReach,
    private readonly projects: ProjectReach,
  ) {}

  /** @throws InvalidRequest */
  list(query: ListQuery): Promise<Page<TaskView>> {
    const params: unknown[] = [currentTenantId()];
    const conditions = ['t.deleted_at is null', ...askedOf(query.parameters, params)];
    return this.read(TaskList, query, conditions, params);
  }

  /** Of a project that the reader may see, the tasks that they may see. @throws RecordNotFound, InvalidRequest */
  async listOfProject(projectId: string, query: ListQuery): Promise<Page<TaskView>> {
    await this.projects.assertReadable(currentActor(), projectId);
    const params: unknown[] = [currentTenantId(), projectId];
    const conditions = ['t.deleted_at is null', 't.project_id = $2', ...askedOf(query.parameters, params)];
    return this.read(TaskList, query, conditions, params);
  }

  /** Whatever I do, however far I may read tasks. */
  mine(query: ListQuery): Promise<Page<TaskView>> {
    const params: unknown[] = [currentTenantId()];
    const conditions = ['t.deleted_at is null', assignedTo(currentActor().id, params)];
    if (query.parameters.all !== 'true') conditions.push(OPEN);
    return this.read(MyTaskList, query, conditions, params, 'true');
  }

  trash(query: ListQuery): Promise<Page<TrashedTaskView>> {
    const params: unknown[] = [currentTenantId()];
    const reached = this.reach.predicate(currentActor(), TaskPermissions.delete, params);
    return readPage<TrashedTaskView>(this.db, {
      select: trashColumns(),
      from: TASKS_FROM,
      where: `t.tenant_id = $1 and t.deleted_at is not null and (${reached})`,
      params,
      query,
      spec: TrashList,
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<TaskView> {
    const params: unknown[] = [currentTenantId(), id];
    const reached = this.reach.predicate(currentActor(), TaskPermissions.read, params);
    return this.one(id, `t.deleted_at is null and (${reached})`, params);
  }

  /** As it is after a change, whoever made it: they may have put it out of their own reach. */
  changed({ id }: { readonly id: string }): Promise<TaskView> {
    return this.one(id, 'true', [currentTenantId(), id]);
  }

  private read(
    spec: ListSpec,
    query: ListQuery,
    conditions: string[],
    params: unknown[],
    reached = this.reach.predicate(currentActor(), TaskPermissions.read, params),
  ): Promise<Page<TaskView>> {
    const where = ['t.tenant_id = $1', ...conditions, `(${reached})`].join(' and ');
    return readPage<TaskView>(this.db, { select: taskColumns(), from: TASKS_FROM, where, params, query, spec });
  }

  private async one(id: string, condition: string, params: unknown[]): Promise<TaskView> {
    const row = await this.db.one<TaskView>(
      `select ${selectTask()} from ${TASKS_FROM} where t.tenant_id = $1 and t.id = $2 and ${condition}`,
      params,
    );
    if (!row) throw new RecordNotFound('task', id);
    return row;
  }
}

const assignedTo = (userId: string, params: unknown[]): string =>
  `t.id = any (array(select a.task_id from task_assignees a where a.assigned_to = $${params.push(userId)}::uuid))`;

function askedOf({ assignedTo: userId, linkedTo }: ListQuery['parameters'], params: unknown[]): string[] {
  const asked: string[] = [];
  if (userId !== undefined) {
    if (!isId(userId)) throw malformed('assignedTo', 'must be a UUID');
    asked.push(assignedTo(userId, params));
  }
  if (linkedTo !== undefined) {
    const [kind = '', id] = linkedTo.split(':', 2);
    if (!isId(id)) throw malformed('linkedTo', 'must be a kind and a UUID, such as customers:<id>');
    const [kindAt, idAt] = [`$${params.push(kind)}`, `$${params.push(id)}::uuid`];
    asked.push(
      `t.id = any (array(select l.task_id from task_links l where l.kind = ${kindAt} and l.record_id = ${idAt}))`,
    );
  }
  return asked;
}

const malformed = (name: string, message: string): InvalidRequest =>
  new InvalidRequest([{ pointer: `query/${name}`, code: 'invalid_value', message }]);
