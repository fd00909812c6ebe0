import { UserDeactivated } from '@app/auth/events';
import type { PayloadOf } from '@app/kernel';
import { Handles, On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { EscalateApproval, RemindApprovers } from '../patience/patience.jobs.js';
import { PatienceService } from '../patience/patience.service.js';
import { ReroutingService } from './rerouting.service.js';

@Injectable()
export class ApprovalsWorker {
  constructor(
    private readonly rerouting: ReroutingService,
    private readonly patience: PatienceService,
  ) {}

  @On(UserDeactivated)
  reroute({ userId }: PayloadOf<typeof UserDeactivated>): Promise<void> {
    return this.rerouting.leave(userId);
  }

  @Handles(RemindApprovers)
  remind({ requestId, stage, at }: PayloadOf<typeof RemindApprovers>): Promise<void> {
    return this.patience.remind(requestId, stage, new Date(at));
  }

  @Handles(EscalateApproval)
  escalate({ requestId, stage, at }: PayloadOf<typeof EscalateApproval>): Promise<void> {
    return this.patience.escalate(requestId, stage, new Date(at));
  }
}
