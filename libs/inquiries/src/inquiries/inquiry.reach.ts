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
import { askedShown, conversationOpen, wordsShown } from '../visibility/words.reach.js';
import { MessageHidden, OutOfReach } from './inquiry.errors.js';
import { InquiryPermissions } from './inquiry.policy.js';

/**
 * Which inquiries `i` a permission reaches, way by way. Own: created by me, assigned to me, or nobody's in one of my teams.
 * Team: own, in one of my teams or below one that I lead, or with somebody of them. Said here and nowhere else.
 */
function waysOf(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
  const scope = actor.reach(permission);
  switch (scope) {
    case 'all':
      return EVERY_RECORD;
    case 'own':
      return ownWaysOf(actor, params);
    case 'team': {
      const teams = `$${params.push(actor.reachedTeams)}::uuid[]`;
      const members = `select m.user_id from team_members m where m.tenant_id = app_tenant() and m.team_id = any (${teams})`;
      return [
        ...ownWaysOf(actor, params),
        { name: 'in_my_team', sql: `i.team_id = any (${teams})` },
        { name: 'assigned_in_my_team', sql: `i.assigned_to in (${members})` },
      ];
    }
    default:
      return [];
  }
}

function ownWaysOf(actor: Actor, params: unknown[]): Way[] {
  const [me, teams] = [`$${params.push(actor.id)}::uuid`, `$${params.push(actor.teams)}::uuid[]`];
  return [
    { name: 'created_by_me', sql: `i.created_by = ${me}` },
    { name: 'assigned_to_me', sql: `i.assigned_to = ${me}` },
    { name: 'unassigned_in_my_team', sql: `i.assigned_to is null and i.team_id = any (${teams})` },
  ];
}

/** The same as SQL. */
export const reachOf = (actor: Actor, permission: Permission, params: unknown[]): string =>
  anyOf(waysOf(actor, permission, params));

/**
 * SQL that holds where the inquiry behind `inquiryId`, SQL of the caller's whose aliases are not `i` or `merged`, or what it
 * goes on in, is within reach. Two
 * conditions of one column each, which PostgreSQL can hash: of one it would ask row by row.
 */
export function reachWithHome(inquiryId: string, actor: Actor, permission: Permission, params: unknown[]): string {
  const reached = `i.tenant_id = app_tenant() and i.deleted_at is null and ${reachOf(actor, permission, params)}`;
  return `(exists (select 1 from inquiries i where i.id = ${inquiryId} and ${reached})
    or exists (select 1 from inquiries merged join inquiries i on i.id = merged.merged_into
      where merged.tenant_id = app_tenant() and merged.id = ${inquiryId} and ${reached}))`;
}

/** What is mine, whatever a permission reaches. */
export const ownOf = (actor: Actor, params: unknown[]): string => anyOf(ownWaysOf(actor, params));

type Found = { isReadable: boolean; isReached: boolean; isOfMyTeam: boolean };

const { read, update, assign, restrict, side } = InquiryPermissions;

/** Asks of one inquiry what lists ask of many. */
@Injectable()
@Provides(GuardedRecordsPort)
export class InquiryReach implements GuardedRecords {
  readonly kind = 'inquiries';
  readonly namedBy = 'inquiryId';
  readonly read = read;
  readonly reaching = [read, update, assign, restrict, side];
  readonly isReadFirst = true;
  readonly from = 'inquiries i';
  readonly id = 'i.id';
  readonly isPresent = 'i.deleted_at is null';
  readonly ways = waysOf;

  constructor(private readonly db: Database) {}

  /** @throws RecordNotFound when it may not even be read, OutOfReach when the permission stops before it */
  async assert(id: string, permission: Permission, actor = currentActor(), isTrashed = false): Promise<void> {
    const found = await this.ask(id, permission, actor, isTrashed);
    if (!found?.isReadable) throw new RecordNotFound('inquiry', id);
    if (!found.isReached) throw new OutOfReach(permission);
  }

  assertReadable(id: string, actor = currentActor()): Promise<void> {
    return this.assert(id, InquiryPermissions.read, actor);
  }

  /**
   * Whoever could see it while it was nobody's may try to take it, and is told who was faster; own reach alone would
   * answer the slower colleague that there is no such inquiry. @throws RecordNotFound
   */
  async assertTakeable(id: string): Promise<void> {
    const found = await this.ask(id, InquiryPermissions.read, currentActor(), false);
    if (!found?.isReadable && !found?.isOfMyTeam) throw new RecordNotFound('inquiry', id);
  }

  /** As whoever asks may read it; null where it is kept from them. */
  async subjectOf(id: string, actor = currentActor()): Promise<string | null> {
    const params: unknown[] = [currentTenantId(), id];
    const found = await this.db.one<{ subject: string }>(
      `select i.subject from inquiries i where i.tenant_id = $1 and i.id = $2 and ${askedShown(actor, params)}`,
      params,
    );
    return found?.subject ?? null;
  }

  /** Whether the words of a message are for the actor, who reads its inquiry. */
  async isShown(messageId: string, actor = currentActor()): Promise<boolean> {
    const params: unknown[] = [currentTenantId(), messageId];
    const shown = wordsShown('m', actor, params);
    return this.holds(`select ${shown} as holds from inquiry_messages m where m.tenant_id = $1 and m.id = $2`, params);
  }

  /** Whether all that was written in it is for the actor. */
  isWhole(id: string, actor = currentActor()): Promise<boolean> {
    const params: unknown[] = [currentTenantId(), id];
    const whole = conversationOpen('i.id', actor, params);
    return this.holds(`select ${whole} as holds from inquiries i where i.tenant_id = $1 and i.id = $2`, params);
  }

  /** What was written in it must not be made known by who may not know it. @throws MessageHidden */
  async assertWhole(id: string, actor = currentActor()): Promise<void> {
    if (!(await this.isWhole(id, actor))) throw new MessageHidden();
  }

  /**
   * Whoever has an inquiry reads all of it: nobody takes one for what is kept from them, unless it waits for their team.
   * @throws MessageHidden
   */
  async assertForTaker(id: string): Promise<void> {
    const actor = currentActor();
    const params: unknown[] = [currentTenantId(), id, actor.reachedTeams];
    const whole = conversationOpen('i.id', actor, params);
    const sql = `select coalesce(i.team_id = any ($3::uuid[]), false) or ${whole} as holds from inquiries i where i.tenant_id = $1 and i.id = $2`;
    if (!(await this.holds(sql, params))) throw new MessageHidden();
  }

  async isInTrash(id: string): Promise<boolean> {
    const condition = 'tenant_id = $1 and id = $2 and deleted_at is not null';
    return (await this.db.one(`select 1 from inquiries where ${condition}`, [currentTenantId(), id])) !== undefined;
  }

  private async holds(sql: string, params: unknown[]): Promise<boolean> {
    return (await this.db.one<{ holds: boolean }>(sql, params))?.holds ?? false;
  }

  private ask(id: string, permission: Permission, actor: Actor, isTrashed: boolean): Promise<Found | undefined> {
    const params: unknown[] = [currentTenantId(), id, actor.teams];
    const readable = reachOf(actor, InquiryPermissions.read, params);
    const reached = permission.scoped ? reachOf(actor, permission, params) : String(actor.can(permission));
    return this.db.one<Found>(
      `select ${readable} as "isReadable", ${reached} as "isReached", coalesce(i.team_id = any ($3::uuid[]), false) as "isOfMyTeam"
       from inquiries i where i.tenant_id = $1 and i.id = $2 and i.deleted_at is ${isTrashed ? 'not null' : 'null'}`,
      params,
    );
  }
}
