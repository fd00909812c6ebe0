import { Clock } from '@app/kernel';
import { currentActor, Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DecisionDenied } from '../requests/approval.errors.js';
import { ApprovalPermissions } from '../requests/approval.policy.js';
import { ApproverRoll } from '../requests/approver-roll.js';
import { type Absence, ApprovalDelegation } from './approval-delegation.entity.js';
import { DelegationOverlaps } from './approval-delegation.errors.js';

/** One after the other for one place: an exclusion constraint that several meet at once makes them a deadlock. */
const TURN = `select pg_advisory_xact_lock(hashtextextended('approval delegations of ' || $1, 0))`;

@Injectable()
export class ApprovalDelegationsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly roll: ApproverRoll,
  ) {}

  /**
   * One's own place, or that of others with the permission to manage.
   * @throws DecisionDenied, ApproverUnknown, DelegationToSelf, DelegationWithoutTime, DelegationOverlaps
   */
  async delegate(absence: Absence): Promise<ApprovalDelegation> {
    const actor = currentActor();
    const { userId, delegateId } = absence;
    if (userId !== actor.id && !actor.can(ApprovalPermissions.manage)) {
      throw new DecisionDenied(ApprovalPermissions.manage);
    }
    await this.roll.assertKnown([{ kind: 'users', ids: [...new Set([userId, delegateId])] }]);
    return this.db
      .transaction(async () => {
        await this.db.query(TURN, [userId]);
        return this.db.create(ApprovalDelegation.grant(absence, actor.id, this.clock.now()));
      })
      .catch(onConstraint('approval_delegations_do_not_overlap', () => new DelegationOverlaps(userId)));
  }

  /** Ends it at once. @throws RecordNotFound, DelegationOver */
  async revoke(id: string, version?: number): Promise<void> {
    const actor = currentActor();
    await this.db.change(ApprovalDelegation, id, version, (found) => {
      const isTheirs = found.userId === actor.id || actor.can(ApprovalPermissions.manage);
      if (!isTheirs) throw new RecordNotFound('approval delegation', id);
      found.revoke(this.clock.now());
    });
  }
}
