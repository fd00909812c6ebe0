import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Decision } from './approval.policy.js';
import type { ApprovalRequest, Voice } from './approval-request.entity.js';

/** What one person decided. Written once: the application may neither change nor delete it. */
@Entity('approval_decisions')
export class ApprovalDecision extends Aggregate<ApprovalDecision> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly requestId: string;
  @Column('int') readonly stage: number;
  @Column('int') readonly revision: number;
  @Column('text') readonly decision: Decision;
  @Column('uuid') readonly decidedBy: string;
  /** Whose place it was, where the delegate decided. */
  @Column('uuid', { nullable: true }) readonly onBehalfOf: string | null;
  @Column('text', { nullable: true }) readonly notes: string | null;
  @Column('boolean') readonly isSelfApproval: boolean;
  @Column({ type: 'timestamptz', precision: 3 }) readonly at: Date;

  static of(request: ApprovalRequest, decision: Decision, by: string, at: Date, voice: Voice): ApprovalDecision {
    const { id: requestId, revision } = request;
    const isSelfApproval = decision === 'approved' && request.involves(by);
    return new ApprovalDecision().change({
      id: newId(),
      requestId,
      ...voice,
      revision,
      decision,
      decidedBy: by,
      isSelfApproval,
      at,
    });
  }
}
