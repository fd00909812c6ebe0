import { type Actor, anyOf, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import { Database, type GuardedRecords, GuardedRecordsPort, Provides, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TaskPermissions } from './task.policy.js';

const { read, update, delete: remove } = TaskPermissions;

/** Which tasks somebody reaches: as SQL on a list, as a check on one record. Said here and nowhere else. */
@Injectable()
@Provides(GuardedRecordsPort)
export class TaskReach implements GuardedRecords {
  readonly kind = 'tasks';
  readonly namedBy = 'taskId';
  readonly read = read;
  readonly reaching = [read, update, remove];
  readonly isReadFirst = false;
  readonly from = 'tasks t';
  readonly id = 't.id';
  readonly isPresent = 't.deleted_at is null';

  constructor(private readonly db: Database) {}

  /** SQL over `t`, a row of tasks. Values go into `params`. */
  predicate(actor: Actor, permission: Permission, params: unknown[]): string {
    return anyOf(this.ways(actor, permission, params));
  }

  /** Reading has a further way: whoever is in a project sees what is to be done there. */
  ways(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
    const scope = actor.reach(permission);
    if (!scope) return [];
    if (scope === 'all') return EVERY_RECORD;
    const me = `$${params.push(actor.id)}::uuid`;
    const teams = `$${params.push(actor.teams)}::uuid[]`;
    const own = [
      { name: 'created_by_me', sql: `t.created_by = ${me}` },
      { name: 'assigned_to_me', sql: doneBy(`= ${me}`) },
      { name: 'unassigned_in_my_team', sql: `t.assignees = '{}' and t.team_id = any (${teams})` },
      ...(permission === read ? [{ name: 'in_my_project', sql: inProjectOf(me) }] : []),
    ];
    if (scope === 'own') return own;
    const reached = `$${params.push(actor.reachedTeams)}::uuid[]`;
    const members = `any (array(select m.user_id from team_members m where m.team_id = any (${reached})))`;
    return [
      ...own,
      { name: 'in_my_team', sql: `t.team_id = any (${reached})` },
      { name: 'created_in_my_team', sql: `t.created_by = ${members}` },
      { name: 'assigned_in_my_team', sql: doneBy(`= ${members}`) },
    ];
  }

  /** For a change: what is in the trash is still within reach, and refuses by itself. @throws RecordNotFound */
  async assertWithin(actor: Actor, permission: Permission, id: string): Promise<void> {
    if (actor.reach(permission) === 'all') return;
    await this.assertFound(actor, permission, id, 'true');
  }

  /** @throws RecordNotFound also for what is in the trash */
  assertReadable(actor: Actor, id: string): Promise<void> {
    return this.assertFound(actor, read, id, this.isPresent);
  }

  private async assertFound(actor: Actor, permission: Permission, id: string, condition: string): Promise<void> {
    const params: unknown[] = [id];
    const reached = this.predicate(actor, permission, params);
    const found = await this.db.one(`select 1 from tasks t where t.id = $1 and ${condition} and (${reached})`, params);
    if (!found) throw new RecordNotFound('task', id);
  }
}

// Arrays and no subselects with IN: an index takes them, and several can be combined.
const doneBy = (whom: string): string =>
  `t.id = any (array(select a.task_id from task_assignees a where a.assigned_to ${whom}))`;

const inProjectOf = (me: string): string => `t.project_id = any (array(
  select p.id from projects p where p.owner_id = ${me} or p.created_by = ${me}
  union all select m.project_id from project_members m where m.user_id = ${me}))`;
