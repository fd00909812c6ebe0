import { type Actor, anyOf, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import { Database, type GuardedRecords, GuardedRecordsPort, Provides, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { WorklogPermissions } from './worklog.policy.js';

const { read, update, approve } = WorklogPermissions;

/** Own: my time. Team: also that of the members of my teams. */
@Injectable()
@Provides(GuardedRecordsPort)
export class WorklogReach implements GuardedRecords {
  readonly kind = 'worklogs';
  readonly namedBy = 'worklogId';
  readonly read = read;
  readonly reaching = [read, update, approve];
  readonly isReadFirst = false;
  readonly from = 'worklogs w';
  readonly id = 'w.id';
  readonly isPresent = 'true';

  constructor(private readonly db: Database) {}

  /** SQL over `w`, a row of worklogs. Values go into `params`. */
  predicate(actor: Actor, permission: Permission, params: unknown[]): string {
    return anyOf(this.ways(actor, permission, params));
  }

  ways(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
    const scope = actor.reach(permission);
    if (!scope) return [];
    if (scope === 'all') return EVERY_RECORD;
    const mine = { name: 'mine', sql: `w.user_id = $${params.push(actor.id)}::uuid` };
    if (scope === 'own') return [mine];
    const teams = `$${params.push(actor.reachedTeams)}::uuid[]`;
    const members = `any (array(select m.user_id from team_members m where m.team_id = any (${teams})))`;
    return [mine, { name: 'of_my_team', sql: `w.user_id = ${members}` }];
  }

  /** @throws RecordNotFound */
  async assertWithin(actor: Actor, permission: Permission, id: string): Promise<void> {
    const params: unknown[] = [id];
    const reached = this.predicate(actor, permission, params);
    const found = await this.db.one(`select 1 from worklogs w where w.id = $1 and (${reached})`, params);
    if (!found) throw new RecordNotFound('worklog', id);
  }
}
