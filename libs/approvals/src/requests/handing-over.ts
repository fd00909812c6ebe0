import { Clock } from '@app/kernel';
import { currentActor, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PatiencePeople } from '../patience/patience-people.js';
import { ApproverUnknown } from '../policies/approval-policy.errors.js';
import { ApprovalRequest, type Seen } from './approval-request.entity.js';
import { DelegateExcluded } from './approval.errors.js';
import { ApproverRoll } from './approver-roll.js';
import { Deciders } from './deciders.js';

/** One request passed on by whom it waits for: `pending → pending`, with another approver. */
@Injectable()
export class HandingOver {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly deciders: Deciders,
    private readonly roll: ApproverRoll,
    private readonly people: PatiencePeople,
  ) {}

  /**
   * Who it goes to is told by mail.
   * @throws what a decision throws; ApproverUnknown, DelegateExcluded
   */
  handOver(requestId: string, toUserId: string, seen: Seen): Promise<ApprovalRequest> {
    const actor = currentActor();
    return this.db.transaction(async () => {
      const request = await this.db.lock(ApprovalRequest, requestId);
      const now = this.clock.now();
      const place = (await this.deciders.placeIn(request, actor, now)) ?? actor.id;
      if (!(await this.roll.hold([toUserId])).has(toUserId)) throw new ApproverUnknown([toUserId]);
      request.handOver(place, toUserId, seen);
      await this.db.save(request);
      if (!(await this.people.pass(request, toUserId, now))) throw new DelegateExcluded(request.id, toUserId);
      return request;
    });
  }
}
