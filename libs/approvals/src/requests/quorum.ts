import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ApprovalRequest } from './approval-request.entity.js';
import { ApproverRoll } from './approver-roll.js';

const WIDER = ['team', 'anyone'] as const;

/** That a stage can be met: one for which too few people are left waits for others as well, and says so. */
@Injectable()
export class Quorum {
  constructor(
    private readonly db: Database,
    private readonly roll: ApproverRoll,
  ) {}

  /** In the open transaction, of a request that is written and held: first the team may decide too, then whoever may at all. */
  async assure(request: ApprovalRequest): Promise<void> {
    if (request.status !== 'pending' || request.approverKind === 'anyone') return;
    for (const scope of WIDER) {
      if ((await this.roll.holdAble(request.id, request.missing)) >= request.missing) return;
      request.widen({ scope }, 'nobody_left');
      await this.db.save(request);
    }
  }
}
