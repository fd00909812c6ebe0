import type { Actor } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { ApprovalPoliciesService } from '../policies/approval-policies.service.js';
import type { ApprovalRequest } from './approval-request.entity.js';
import { DecisionByMachine, DecisionDenied, NotCalledUpon, OutOfReach, SelfApproval } from './approval.errors.js';
import { ApprovalPermissions, isWithinReach } from './approval.policy.js';
import { ApproverRoll } from './approver-roll.js';

/** Who may decide on a request at the moment. */
@Injectable()
export class Deciders {
  constructor(
    private readonly policies: ApprovalPoliciesService,
    private readonly roll: ApproverRoll,
  ) {}

  /**
   * Whose place the actor decides from, where that is not their own.
   * @throws SelfApproval, DecisionDenied, OutOfReach, NotCalledUpon
   */
  async placeIn(request: ApprovalRequest, actor: Actor, now: Date): Promise<string | null> {
    const { decide } = ApprovalPermissions;
    const { id, subjectKind, stage, status, approverKind } = request;
    // first the reason that no permission would lift
    if (request.involves(actor.id)) {
      const isAllowed = request.letsWritersDecide && (await this.policies.allowsSelfApproval(subjectKind));
      if (!isAllowed || !actor.can(decide)) throw new SelfApproval(id);
    }
    assertMayDecideAtAll(actor);
    if (!(await this.roll.isStillApprover(actor.id))) throw new DecisionDenied(decide);
    if (!isWithinReach(actor, decide, request)) throw new OutOfReach(decide, actor.reach(decide) ?? 'no');
    if (status !== 'pending' || approverKind === 'anyone' || request.decided.includes(actor.id)) return null;
    const place = await this.roll.placeOf(actor, id, now);
    if (!place) throw new NotCalledUpon(id, stage);
    return place === actor.id ? null : place;
  }
}

/** Four eyes are people's: a token does as whoever made it says, who may have written what it would approve. @throws DecisionDenied, DecisionByMachine */
export function assertMayDecideAtAll(actor: Actor): void {
  if (actor.kind === 'service') throw new DecisionByMachine();
  if (!actor.can(ApprovalPermissions.decide)) throw new DecisionDenied(ApprovalPermissions.decide);
}
