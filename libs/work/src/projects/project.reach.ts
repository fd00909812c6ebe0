import { type Actor, anyOf, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import { Database, type GuardedRecords, GuardedRecordsPort, Provides, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ProjectPermissions } from './project.policy.js';

const { read, update } = ProjectPermissions;

/** Own: created by me, mine to answer for, or one whose member I am. Team: also those of my teams. */
@Injectable()
@Provides(GuardedRecordsPort)
export class ProjectReach implements GuardedRecords {
  readonly kind = 'projects';
  readonly namedBy = 'projectId';
  readonly read = read;
  readonly reaching = [read, update];
  readonly isReadFirst = false;
  readonly from = 'projects p';
  readonly id = 'p.id';
  readonly isPresent = 'true';

  constructor(private readonly db: Database) {}

  /** SQL over `p`, a row of projects. Values go into `params`. */
  predicate(actor: Actor, permission: Permission, params: unknown[]): string {
    return anyOf(this.ways(actor, permission, params));
  }

  /** A member reads; to change a project it must be one's own, or the team's. */
  ways(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
    const scope = actor.reach(permission);
    if (!scope) return [];
    if (scope === 'all') return EVERY_RECORD;
    const me = `$${params.push(actor.id)}::uuid`;
    const membership = `p.id = any (array(select m.project_id from project_members m where m.user_id = ${me}))`;
    const own = [
      { name: 'created_by_me', sql: `p.created_by = ${me}` },
      { name: 'owned_by_me', sql: `p.owner_id = ${me}` },
      ...(permission === read ? [{ name: 'member', sql: membership }] : []),
    ];
    if (scope === 'own') return own;
    return [...own, { name: 'in_my_team', sql: `p.team_id = any ($${params.push(actor.reachedTeams)}::uuid[])` }];
  }

  /** @throws RecordNotFound */
  async assertWithin(actor: Actor, permission: Permission, id: string): Promise<void> {
    const params: unknown[] = [id];
    const reached = this.predicate(actor, permission, params);
    const found = await this.db.one(`select 1 from projects p where p.id = $1 and (${reached})`, params);
    if (!found) throw new RecordNotFound('project', id);
  }

  /** @throws RecordNotFound */
  assertReadable(actor: Actor, id: string): Promise<void> {
    return this.assertWithin(actor, read, id);
  }
}
