import { currentActor } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApprovalPoliciesService } from '../policies/approval-policies.service.js';
import { ApprovalRequest, type ApprovalWish } from './approval-request.entity.js';
import { ReroutingService } from './rerouting.service.js';

/** A request as it begins: under the policy in force, waiting for nobody who has left. */
@Injectable()
export class ApprovalOpenings {
  constructor(
    private readonly policies: ApprovalPoliciesService,
    private readonly rerouting: ReroutingService,
  ) {}

  async open(wish: ApprovalWish): Promise<ApprovalRequest> {
    const policy = await this.policies.applyTo(wish.subjectKind, wish.facts ?? {});
    const request = ApprovalRequest.ask(wish, currentActor().id, policy);
    if (request.named.length) await this.rerouting.leaveOut(request);
    return request;
  }
}
