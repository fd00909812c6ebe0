import { currentActor } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PatienceService } from '../patience/patience.service.js';
import { ApprovalPoliciesService } from '../policies/approval-policies.service.js';
import { ApprovalRequest, type ApprovalWish } from './approval-request.entity.js';
import { ApproverRoll } from './approver-roll.js';
import { Quorum } from './quorum.js';
import { ReroutingService } from './rerouting.service.js';

/** How requests and their stages begin. */
@Injectable()
export class ApprovalOpenings {
  constructor(
    private readonly policies: ApprovalPoliciesService,
    private readonly rerouting: ReroutingService,
    private readonly roll: ApproverRoll,
    private readonly quorum: Quorum,
    private readonly patience: PatienceService,
  ) {}

  /** Under the policy in force, waiting for nobody who has left. */
  async open({ excluded, ...wish }: ApprovalWish, now: Date): Promise<ApprovalRequest> {
    const { subjectKind, subjectId, facts = {}, sampleKey = subjectId } = wish;
    const policy = await this.policies.applyTo(subjectKind, facts, sampleKey);
    const { id: requester } = currentActor();
    const involved = [...excluded, ...(await this.roll.makersOf([...excluded, requester]))];
    const request = ApprovalRequest.ask({ ...wish, excluded: involved }, requester, policy, now);
    if (request.named.length) await this.rerouting.leaveOut(request);
    return request;
  }

  /** In the transaction that wrote it, of a stage, or of one that comes to another team: that it can be met, and by when. */
  async begin(request: ApprovalRequest): Promise<void> {
    await this.quorum.assure(request);
    await this.patience.arm(request);
  }
}
