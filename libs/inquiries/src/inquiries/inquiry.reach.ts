import type { Actor, Permission } from '@app/kernel';
import { currentActor, currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { OutOfReach } from './inquiry.errors.js';
import { InquiryPermissions } from './inquiry.policy.js';

/**
 * Which inquiries `i` a permission reaches, as SQL. Own: created by me, assigned to me, or nobody's in one of my teams.
 * Team: own, in one of my teams, or with somebody of them. Said here and nowhere else.
 */
export function reachOf(actor: Actor, permission: Permission, params: unknown[]): string {
  const scope = actor.reach(permission);
  switch (scope) {
    case 'all':
      return 'true';
    case 'own':
      return ownOf(actor, params);
    case 'team': {
      const teams = `$${params.push(actor.teams)}::uuid[]`;
      const members = `select m.user_id from team_members m where m.tenant_id = app_tenant() and m.team_id = any (${teams})`;
      return `(${ownOf(actor, params)} or i.team_id = any (${teams}) or i.assigned_to in (${members}))`;
    }
    default:
      return 'false';
  }
}

/** What is mine, whatever a permission reaches. */
export function ownOf(actor: Actor, params: unknown[]): string {
  const [me, teams] = [`$${params.push(actor.id)}::uuid`, `$${params.push(actor.teams)}::uuid[]`];
  return `(i.created_by = ${me} or i.assigned_to = ${me} or (i.assigned_to is null and i.team_id = any (${teams})))`;
}

type Found = { isReadable: boolean; isReached: boolean; isOfMyTeam: boolean };

/** Asks of one inquiry what lists ask of many. */
@Injectable()
export class InquiryReach {
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

  async isInTrash(id: string): Promise<boolean> {
    const condition = 'tenant_id = $1 and id = $2 and deleted_at is not null';
    return (await this.db.one(`select 1 from inquiries where ${condition}`, [currentTenantId(), id])) !== undefined;
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
