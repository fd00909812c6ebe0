import { AuthFacade } from '@app/auth';
import { Clock } from '@app/kernel';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApprovalDelegation } from '../delegations/approval-delegation.entity.js';
import { ApprovalRequest } from './approval-request.entity.js';
import { ApproverRoll } from './approver-roll.js';
import { Quorum } from './quorum.js';

const DELEGATE = `select d.delegate_id as id from approval_delegations d
  where d.tenant_id = $1 and d.user_id = $2 and d.revoked_at is null and $3 >= d.from_at and $3 < d.until_at`;
const WAITING = `select r.id from approval_requests r
  where r.tenant_id = $1 and r.status = 'pending' and $2::uuid = any (r.named) order by r.id`;
const STANDING_IN = `select d.id from approval_delegations d
  where d.tenant_id = $1 and d.delegate_id = $2 and d.revoked_at is null and d.until_at > $3 order by d.id`;
/** Those whose stage waits for a role or a team of theirs, or has them to help. */
const CONCERNED = `select r.id from approval_requests r where r.tenant_id = $1 and r.status = 'pending' and ($2::uuid = any (r.relief_users)
    or (r.relief_roles || case r.approver_kind when 'role' then r.approver_ids else '{}' end)
      && array (select u.role_id from user_roles u where u.tenant_id = $1 and u.user_id = $2)
    or ((r.approver_kind in ('team', 'users_or_team') or r.relief_scope = 'team') and (r.team_id is null
      or r.team_id in (select m.team_id from team_members m where m.tenant_id = $1 and m.user_id = $2))))
  order by r.id`;

/** What happens to the places of those who may not come in any more. */
@Injectable()
export class ReroutingService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly auth: AuthFacade,
    private readonly roll: ApproverRoll,
    private readonly quorum: Quorum,
  ) {}

  /**
   * Everything that waits for this person by name, at whichever stage, waits for their delegate, else for the team. What
   * waits for a role or a team that they were the last of waits for others as well. They stand in for nobody any more, so
   * that who is absent may name another.
   */
  leave(userId: string): Promise<void> {
    return this.db.transaction(async () => {
      if (await this.auth.userExists(userId)) return; // they are back already
      const successor = await this.successorOf(userId);
      await this.passOn(userId, successor);
      for (const request of await this.held(CONCERNED, userId)) await this.quorum.assure(request);
      const now = this.clock.now();
      const ended = await this.db.query<{ id: string }>(STANDING_IN, [currentTenantId(), userId, now]);
      for (const { id } of ended) await this.db.change(ApprovalDelegation, id, undefined, (found) => found.revoke(now));
    });
  }

  /**
   * In the open transaction: what waits for somebody by name waits for another from now on, null for the team; and for
   * others as well where that one could not decide on it. Answers how much it is.
   */
  async passOn(from: string, to: string | null): Promise<number> {
    const waiting = await this.held(WAITING, from);
    for (const request of waiting) {
      request.reroute(from, to);
      await this.db.save(request);
      await this.quorum.assure(request);
    }
    return waiting.length;
  }

  /** A policy may name people who have left since it was set. The others do not leave before the request is written. */
  async leaveOut(request: ApprovalRequest): Promise<void> {
    const { named } = request;
    const here = await this.roll.hold(named);
    for (const id of named.filter((one) => !here.has(one))) request.reroute(id, await this.successorOf(id));
  }

  private async held(which: string, userId: string): Promise<ApprovalRequest[]> {
    const found = await this.db.query<{ id: string }>(which, [currentTenantId(), userId]);
    const requests: ApprovalRequest[] = [];
    for (const { id } of found) requests.push(await this.db.lock(ApprovalRequest, id));
    return requests;
  }

  /** Held as well: a delegate who leaves in the same moment would otherwise have the place for good. */
  private async successorOf(userId: string): Promise<string | null> {
    const delegate = await this.db.one<{ id: string }>(DELEGATE, [currentTenantId(), userId, this.clock.now()]);
    return delegate && (await this.roll.hold([delegate.id])).has(delegate.id) ? delegate.id : null;
  }
}
