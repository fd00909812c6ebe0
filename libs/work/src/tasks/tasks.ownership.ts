import { currentTenantId, Database, type Ownership, OwnershipPort, type Passage, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TaskRecurrence } from '../recurrences/recurrence.entity.js';
import { Task } from './task.entity.js';

const THEIRS = `from tasks t join task_assignees a on a.tenant_id = t.tenant_id and a.task_id = t.id
  where a.tenant_id = $1 and a.assigned_to = $2 and t.deleted_at is null and t.status not in ('done', 'cancelled')`;
const COMING = 'from task_recurrences r where r.tenant_id = $1 and $2 = any (r.assignees) and r.ended_at is null';
const BATCH = 50;

/** Tasks that somebody does, and those that are yet to come again; what is over stays theirs, as they left it. */
@Injectable()
@Provides(OwnershipPort)
export class TasksOwnership implements Ownership {
  readonly kind = 'tasks';
  readonly columns = ['task_assignees.assigned_to', 'task_recurrences.assignees', 'tasks.assignees'];

  constructor(private readonly db: Database) {}

  async count(from: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(`select count(*)::int as count ${THEIRS}`, [
      currentTenantId(),
      from,
    ]);
    return row?.count ?? 0;
  }

  async pass({ from, to }: Passage): Promise<number> {
    const theirs = await this.db.query<{ id: string }>(`select t.id ${THEIRS} order by t.id for update of t`, [
      currentTenantId(),
      from,
    ]);
    for (const { id } of theirs) await this.db.change(Task, id, undefined, (task) => task.passOn(from, to));
    await this.passComing(from, to);
    return theirs.length;
  }

  /** A batch of what somebody who left was to do, which they do no more; whether that was all. */
  async releaseSome(from: string): Promise<boolean> {
    const some = await this.db.query<{ id: string }>(`select t.id ${THEIRS} order by t.id limit ${BATCH}`, [
      currentTenantId(),
      from,
    ]);
    for (const { id } of some) await this.db.change(Task, id, undefined, (task) => task.passOn(from, null));
    if (some.length === BATCH) return false;
    await this.passComing(from, null);
    return true;
  }

  private async passComing(from: string, to: string | null): Promise<void> {
    const coming = await this.db.query<{ id: string }>(`select r.id ${COMING} order by r.id for update`, [
      currentTenantId(),
      from,
    ]);
    for (const { id } of coming)
      await this.db.change(TaskRecurrence, id, undefined, (recurrence) => recurrence.passOn(from, to));
  }
}
