import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ApprovalRule } from './approval-rules.js';
import type { Patience } from './stage.js';

export type ApprovalRules = {
  readonly name: string;
  readonly allowSelfApproval: boolean;
  readonly isActive: boolean;
  /** In their order. Where none matches, one other person decides. */
  readonly rules?: readonly ApprovalRule[];
  /** When to remind, and when to let others decide as well; null: never. */
  readonly patience?: Patience | null;
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
  @Column('jsonb', { nullable: true }) readonly patience: Patience | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static set(subjectKind: string, rules: ApprovalRules): ApprovalPolicy {
    return new ApprovalPolicy().change({ id: newId(), subjectKind, rules: [], patience: null, ...rules, required: 1 });
  }

  reset(rules: ApprovalRules): void {
    this.change({ rules: [], patience: null, ...rules });
  }
}
