import type { Actor } from '@app/kernel';
import {
  currentTenantId,
  Database,
  newestFirst,
  Provides,
  type TimelineEntry,
  type TimelinePoint,
  TimelinePort,
  type TimelineSource,
  toldBefore,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TaskPermissions } from './task.policy.js';
import { TaskReach } from './task.reach.js';

type Told = { id: string; kind: string; at: Date; taskId: string; title: string; actorId: string | null };

const TITLES: Record<string, string> = { 'tasks.created': 'To do', 'tasks.completed': 'Done' };
const PLACE = { at: 'e.at', kind: 'e.kind', id: 'e.id' };

const TOLD = `select m.id::text || ':created' as id, 'tasks.created' as kind, m.created_at as at, m.created_by as actor, m.id as task, m.title from mine m
  union all select m.id::text || ':completed', 'tasks.completed', m.completed_at, null, m.id, m.title from mine m where m.status = 'done'`;

/** What there is to do about a customer: tasks that are linked with them, and those of their projects. */
@Injectable()
@Provides(TimelinePort)
export class TasksTimeline implements TimelineSource {
  readonly kinds = Object.keys(TITLES);
  readonly quotes = [{ record: 'tasks', title: ['title'] }];

  constructor(
    private readonly db: Database,
    private readonly reach: TaskReach,
  ) {}

  async entries(
    customerId: string,
    actor: Actor,
    limit: number,
    before: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    const params: unknown[] = [currentTenantId(), customerId, limit];
    const reached = this.reach.predicate(actor, TaskPermissions.read, params);
    const rows = await this.db.query<Told>(
      `with mine as materialized (select t.id, t.title, t.status, t.created_at, t.created_by, t.completed_at from tasks t
         where t.tenant_id = $1 and t.deleted_at is null and (${reached}) and (
           t.id = any (array(select l.task_id from task_links l where l.kind = 'customers' and l.record_id = $2))
           or t.project_id = any (array(select p.id from projects p where p.customer_id = $2))))
       select e.id, e.kind, e.at, e.task as "taskId", e.title, e.actor as "actorId" from (${TOLD}) e
       where ${toldBefore(PLACE, before, params)} order by ${newestFirst(PLACE)} limit $3`,
      params,
    );
    return rows.map(({ id, kind, at, taskId, title, actorId }) => ({
      ...{ id, kind, at, actorId, details: {} },
      title: `${TITLES[kind] ?? kind}: ${title}`,
      ref: { resource: 'tasks', id: taskId },
    }));
  }
}
