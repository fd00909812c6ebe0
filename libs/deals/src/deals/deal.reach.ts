import { type Actor, anyOf, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import {
  currentActor,
  currentTenantId,
  Database,
  type GuardedRecords,
  GuardedRecordsPort,
  Provides,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { OutOfReach } from './deal.errors.js';
import { DealPermissions } from './deal.policy.js';

const { read, update, assign, reopen, delete: remove } = DealPermissions;

/**
 * Which deals `d` a permission reaches, way by way. Own: created by me, mine, or nobody's in one of my teams. Team: own, in
 * one of my teams or below one that I lead, or somebody's of them. Said here and nowhere else.
 */
function waysOf(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
  const scope = actor.reach(permission);
  if (!scope) return [];
  if (scope === 'all') return EVERY_RECORD;
  const [me, teams] = [`$${params.push(actor.id)}::uuid`, `$${params.push(actor.teams)}::uuid[]`];
  const own = [
    { name: 'created_by_me', sql: `d.created_by = ${me}` },
    { name: 'owned_by_me', sql: `d.owner_id = ${me}` },
    { name: 'unowned_in_my_team', sql: `d.owner_id is null and d.team_id = any (${teams})` },
  ];
  if (scope === 'own') return own;
  const reached = `$${params.push(actor.reachedTeams)}::uuid[]`;
  return [
    ...own,
    { name: 'in_my_team', sql: `d.team_id = any (${reached})` },
    { name: 'owned_in_my_team', sql: `d.owner_id = ${membersOf(reached)}` },
  ];
}

// An array and not a subselect with IN: an index takes it, and several can be combined.
const membersOf = (teams: string): string =>
  `any (array(select m.user_id from team_members m where m.tenant_id = app_tenant() and m.team_id = any (${teams})))`;

/** The same as SQL. */
export const reachOf = (actor: Actor, permission: Permission, params: unknown[]): string =>
  anyOf(waysOf(actor, permission, params));

/** Of sums `f` by owner and team, which know no creator: mine, or of my teams and their members. */
export function sumsReachedBy(actor: Actor, params: unknown[]): string {
  const scope = actor.reach(read);
  if (scope === 'all') return 'true';
  if (!scope) return 'false';
  const mine = `f.owner_id = $${params.push(actor.id)}::uuid`;
  if (scope === 'own') return mine;
  const teams = `$${params.push(actor.reachedTeams)}::uuid[]`;
  return `(${mine} or f.team_id = any (${teams}) or f.owner_id = ${membersOf(teams)})`;
}

type Found = { isReadable: boolean; isReached: boolean };

/** Asks of one deal what lists ask of many. */
@Injectable()
@Provides(GuardedRecordsPort)
export class DealReach implements GuardedRecords {
  readonly kind = 'deals';
  readonly namedBy = 'dealId';
  readonly read = read;
  readonly reaching = [read, update, assign, reopen, remove];
  readonly isReadFirst = true;
  readonly from = 'deals d';
  readonly id = 'd.id';
  readonly isPresent = 'd.deleted_at is null';
  readonly ways = waysOf;

  constructor(private readonly db: Database) {}

  /** @throws RecordNotFound when it may not even be read, OutOfReach when the permission stops before it */
  async assert(id: string, permission: Permission, isTrashed = false): Promise<void> {
    const params: unknown[] = [currentTenantId(), id];
    const readable = reachOf(currentActor(), read, params);
    const reached = reachOf(currentActor(), permission, params);
    const found = await this.db.one<Found>(
      `select ${readable} as "isReadable", ${reached} as "isReached" from deals d
       where d.tenant_id = $1 and d.id = $2 and d.deleted_at is ${isTrashed ? 'not null' : 'null'}`,
      params,
    );
    if (!found?.isReadable) throw new RecordNotFound('deal', id);
    if (!found.isReached) throw new OutOfReach(permission);
  }
}
