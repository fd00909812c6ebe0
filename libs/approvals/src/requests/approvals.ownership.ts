import { currentTenantId, Database, type Ownership, OwnershipPort, type Passage, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ReroutingService } from './rerouting.service.js';

const WAITING = `from approval_requests r where r.tenant_id = $1 and r.status = 'pending' and $2::uuid = any (r.named)`;

/** Decisions that wait for somebody by name. Whoever had a hand in it takes no place: it waits for the team then. */
@Injectable()
@Provides(OwnershipPort)
export class ApprovalsOwnership implements Ownership {
  readonly kind = 'approvals';
  readonly columns = ['approval_requests.named'];

  constructor(
    private readonly db: Database,
    private readonly rerouting: ReroutingService,
  ) {}

  async count(from: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(`select count(*)::int as count ${WAITING}`, [
      currentTenantId(),
      from,
    ]);
    return row?.count ?? 0;
  }

  pass({ from, to }: Passage): Promise<number> {
    return this.rerouting.passOn(from, to);
  }
}
