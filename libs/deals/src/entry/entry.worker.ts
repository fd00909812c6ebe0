import type { PayloadOf } from '@app/kernel';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealLost, DealTrashed, DealWon } from '../events.js';
import { DealApprovals } from './deal-approvals.service.js';

/** Nobody is asked to approve what is over. */
@Injectable()
export class EntryWorker {
  constructor(private readonly approvals: DealApprovals) {}

  @On(DealWon)
  recallWon({ dealId }: PayloadOf<typeof DealWon>): Promise<void> {
    return this.approvals.recall(dealId);
  }

  @On(DealLost)
  recallLost({ dealId }: PayloadOf<typeof DealLost>): Promise<void> {
    return this.approvals.recall(dealId);
  }

  @On(DealTrashed)
  recallTrashed({ dealId }: PayloadOf<typeof DealTrashed>): Promise<void> {
    return this.approvals.recall(dealId);
  }
}
