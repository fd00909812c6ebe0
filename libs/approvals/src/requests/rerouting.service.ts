import { AuthFacade } from '@app/auth';
import { Clock } from '@app/kernel';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApprovalRequest } from './approval-request.entity.js';

const DELEGATE = `select d.delegate_id as id from approval_delegations d
  where d.tenant_id = $1 and d.user_id = $2 and d.revoked_at is null and $3 >= d.from_at and $3 < d.until_at`;
const WAITING = `select r.id from approval_requests r
  where r.tenant_id = $1 and r.status = 'pending' and $2::uuid = any (r.named) order by r.id`;

/** What happens to the places of those who may not come in any more. */
@Injectable()
export class ReroutingService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly auth: AuthFacade,
  ) {}

  /** Everything that waits for this person by name, at whichever stage, waits for their delegate, else for the team. */
  leave(userId: string): Promise<void> {
    return this.db.transaction(async () => {
      if (await this.auth.userExists(userId)) return; // they are back already
      const successor = await this.successorOf(userId);
      const waiting = await this.db.query<{ id: string }>(WAITING, [currentTenantId(), userId]);
      for (const { id } of waiting) {
        await this.db.change(ApprovalRequest, id, undefined, (request) => request.reroute(userId, successor));
      }
    });
  }

  /** A policy may name people who have left since it was set. */
  async leaveOut(request: ApprovalRequest): Promise<void> {
    const users = await this.auth.usersByIds(request.named);
    for (const { id } of users.filter(({ isActive }) => !isActive)) request.reroute(id, await this.successorOf(id));
  }

  private async successorOf(userId: string): Promise<string | null> {
    const delegate = await this.db.one<{ id: string }>(DELEGATE, [currentTenantId(), userId, this.clock.now()]);
    return delegate && (await this.auth.userExists(delegate.id)) ? delegate.id : null;
  }
}
