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
import { OutOfReach } from './lead.errors.js';
import { LeadPermissions } from './lead.policy.js';

const { read, update, assign, convert, delete: remove, merge } = LeadPermissions;

/**
 * Which leads `l` a permission reaches, way by way. Own: created by me, mine, or nobody's in one of my teams. Team: own, in
 * one of my teams or below one that I lead, or somebody's of them. Said here and nowhere else.
 */
function waysOf(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
  const scope = actor.reach(permission);
  if (!scope) return [];
  if (scope === 'all') return EVERY_RECORD;
  const [me, teams] = [`$${params.push(actor.id)}::uuid`, `$${params.push(actor.teams)}::uuid[]`];
  const own = [
    { name: 'created_by_me', sql: `l.created_by = ${me}` },
    { name: 'owned_by_me', sql: `l.owner_id = ${me}` },
    { name: 'unowned_in_my_team', sql: `l.owner_id is null and l.team_id = any (${teams})` },
  ];
  if (scope === 'own') return own;
  const reached = `$${params.push(actor.reachedTeams)}::uuid[]`;
  // An array and not a subselect with IN: an index takes it, and several can be combined.
  const members = `any (array(select m.user_id from team_members m where m.tenant_id = app_tenant() and m.team_id = any (${reached})))`;
  return [
    ...own,
    { name: 'in_my_team', sql: `l.team_id = any (${reached})` },
    { name: 'owned_in_my_team', sql: `l.owner_id = ${members}` },
  ];
}

/** The same as SQL. */
export const reachOf = (actor: Actor, permission: Permission, params: unknown[]): string =>
  anyOf(waysOf(actor, permission, params));

type Found = { isReadable: boolean; isReached: boolean };

/** Asks of one lead what lists ask of many. */
@Injectable()
@Provides(GuardedRecordsPort)
export class LeadReach implements GuardedRecords {
  readonly kind = 'leads';
  readonly namedBy = 'leadId';
  readonly read = read;
  readonly reaching = [read, update, assign, convert, remove];
  readonly boundBy = { [merge.name]: update };
  readonly isReadFirst = true;
  readonly from = 'leads l';
  readonly id = 'l.id';
  readonly isPresent = 'l.deleted_at is null';
  readonly ways = waysOf;

  constructor(private readonly db: Database) {}

  /** @throws RecordNotFound when it may not even be read, OutOfReach when the permission stops before it */
  async assert(id: string, permission: Permission, isTrashed = false): Promise<void> {
    const params: unknown[] = [currentTenantId(), id];
    const readable = reachOf(currentActor(), read, params);
    const reached = reachOf(currentActor(), permission, params);
    const found = await this.db.one<Found>(
      `select ${readable} as "isReadable", ${reached} as "isReached" from leads l
       where l.tenant_id = $1 and l.id = $2 and l.deleted_at is ${isTrashed ? 'not null' : 'null'}`,
      params,
    );
    if (!found?.isReadable) throw new RecordNotFound('lead', id);
    if (!found.isReached) throw new OutOfReach(permission);
  }
}
