import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ApprovalRule } from './approval-rules.js';

export type ApprovalRules = {
  readonly name: string;
  readonly allowSelfApproval: boolean;
  readonly isActive: boolean;
  /** In their order. Where none matches, one other person decides. */
  readonly rules?: readonly ApprovalRule[];
};

/** How one kind of subject is approved. Where none is active the default counts: one other person decides. */
@Entity('approval_policies')
export class ApprovalPolicy extends Aggregate<ApprovalPolicy> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly subjectKind: string;
  @Column('text') readonly name: string;
  @Column('int') readonly required: number;
  @Column('boolean') readonly allowSelfApproval: boolean;
  @Column('boolean') readonly isActive: boolean;
  @Column('jsonb') readonly rules: readonly ApprovalRule[];
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static set(subjectKind: string, rules: ApprovalRules): ApprovalPolicy {
    return new ApprovalPolicy().change({ id: newId(), subjectKind, rules: [], ...rules, required: 1 });
  }

  reset(rules: ApprovalRules): void {
    this.change({ rules: [], ...rules });
  }
}
