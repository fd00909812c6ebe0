import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ApprovalsDelegated } from '../events.js';
import { DelegationOver, DelegationToSelf, DelegationWithoutTime } from './approval-delegation.errors.js';

export type Absence = {
  readonly userId: string;
  readonly delegateId: string;
  readonly fromAt: Date;
  readonly untilAt: Date;
};

/** While somebody is absent, another decides in their place. */
@Entity('approval_delegations')
export class ApprovalDelegation extends Aggregate<ApprovalDelegation> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly userId: string;
  @Column('uuid') readonly delegateId: string;
  @Column({ type: 'timestamptz', precision: 3 }) readonly fromAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly untilAt: Date;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly revokedAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** @throws DelegationToSelf, DelegationWithoutTime */
  static grant(absence: Absence, by: string, now: Date): ApprovalDelegation {
    const { userId, delegateId, fromAt, untilAt } = absence;
    if (userId === delegateId) throw new DelegationToSelf();
    if (untilAt <= fromAt || untilAt <= now) throw new DelegationWithoutTime();
    const delegation = new ApprovalDelegation().change({ id: newId(), ...absence, createdBy: by });
    const times = { from: fromAt.toISOString(), until: untilAt.toISOString() };
    delegation.raise(ApprovalsDelegated({ delegationId: delegation.id, userId, delegateId, ...times }));
    return delegation;
  }

  /** @throws DelegationOver */
  revoke(now: Date): void {
    if (this.revokedAt || this.untilAt <= now) throw new DelegationOver(this.id);
    this.change({ revokedAt: now });
  }
}
