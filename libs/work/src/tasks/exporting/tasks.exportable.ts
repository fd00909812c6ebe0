import type { Actor } from '@app/kernel';
import { type Exportable, ExportablePort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TaskPermissions } from '../task.policy.js';
import { TaskReach } from '../task.reach.js';
import { TASK_COLUMNS, TaskExportList, TASKS_FROM } from '../tasks.list.js';

/** Tasks as files: those that one may read. */
@Injectable()
@Provides(ExportablePort)
export class TasksExportable implements Exportable {
  readonly kind = 'tasks';
  readonly permission = TaskPermissions.export;
  readonly spec = TaskExportList;
  readonly from = TASKS_FROM;
  /** As an import reads them: one cell. */
  readonly columns = { ...TASK_COLUMNS, assignees: `array_to_string(t.assignees, ',')` };

  constructor(private readonly reach: TaskReach) {}

  where(actor: Actor, params: unknown[]): string {
    return `t.deleted_at is null and (${this.reach.predicate(actor, TaskPermissions.read, params)})`;
  }
}
