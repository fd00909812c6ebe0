import type { Actor } from '@app/kernel';
import { type Exportable, ExportablePort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TaskPermissions } from '../task.policy.js';
import { TaskReach } from '../task.reach.js';
import { taskColumns, TaskExportList, TASKS_FROM } from '../tasks.list.js';

/** Tasks as files: those that one may read. */
@Injectable()
@Provides(ExportablePort)
export class TasksExportable implements Exportable {
  readonly kind = 'tasks';
  readonly permission = TaskPermissions.export;
  readonly spec = TaskExportList;
  readonly from = TASKS_FROM;

  constructor(private readonly reach: TaskReach) {}

  /** Assignees as an import reads them: in one cell. */
  get columns(): Exportable['columns'] {
    return { ...taskColumns(), assignees: `array_to_string(t.assignees, ',')` };
  }

  where(actor: Actor, params: unknown[]): string {
    return `t.deleted_at is null and (${this.reach.predicate(actor, TaskPermissions.read, params)})`;
  }
}
