import { AuthFacade } from '@app/auth';
import { Clock } from '@app/kernel';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApprovalRequest } from './approval-request.entity.js';
import { ApproverRoll } from './approver-roll.js';
import { Quorum } from './quorum.js';

const DELEGATE = `select d.delegate_id as id from approval_delegations d
  where d.tenant_id = $1 and d.user_id = $2 and d.revoked_at is null and $3 >= d.from_at and $3 < d.until_at`;
const WAITING = `select r.id from approval_requests r
  where r.tenant_id = $1 and r.status = 'pending' and $2::uuid = any (r.named) order by r.id`;
/** Those whose stage waits for a role or a team of theirs. */
const CONCERNED = `select r.id from approval_requests r where r.tenant_id = $1 and r.status = 'pending' and (
    (r.approver_kind = 'role' and r.approver_ids && array (select u.role_id from user_roles u where u.tenant_id = $1 and u.user_id = $2))
    or (r.approver_kind in ('team', 'users_or_team') and (r.team_id is null
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
   * waits for a role or a team that they were the last of waits for others as well.
   */
  leave(userId: string): Promise<void> {
    return this.db.transaction(async () => {
      if (await this.auth.userExists(userId)) return; // they are back already
      const successor = await this.successorOf(userId);
      const reroute = (request: ApprovalRequest): void => request.reroute(userId, successor);
      for (const request of await this.held(WAITING, userId)) await this.pass(request, reroute);
      for (const request of await this.held(CONCERNED, userId)) await this.quorum.assure(request);
    });
  }

  /** A policy may name people who have left since it was set. The others do not leave before the request is written. */
  async leaveOut(request: ApprovalRequest): Promise<void> {
    const { named } = request;
    const here = await this.roll.hold(named);
    for (const id of named.filter((one) => !here.has(one))) request.reroute(id, await this.successorOf(id));
  }

  private async pass(request: ApprovalRequest, reroute: (request: ApprovalRequest) => void): Promise<void> {
    reroute(request);
    await this.db.save(request);
    await this.quorum.assure(request);
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
