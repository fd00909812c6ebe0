import { Aggregate } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Strategy } from './distribution.policy.js';

/** What holds for one of the team; who is not named has no skills and the team's capacity. */
export type Member = {
  readonly userId: string;
  /** Categories of inquiries that they know about. */
  readonly skills: readonly string[];
  readonly capacity: number | null;
  readonly isAway: boolean;
};

export type RuleDocument = {
  readonly strategy: Strategy;
  readonly capacity: number | null;
  /** Whether an inquiry of a category goes only to who knows about it. */
  readonly needsSkill: boolean;
  /** Whether inquiries are given in the team's business hours only. */
  readonly keepsHours: boolean;
  readonly members: readonly Member[];
};

/** How the inquiries of a team are given to its people. Its id is the team's; a team without one gives none. */
@Entity('distribution_rules')
export class DistributionRule extends Aggregate<DistributionRule> implements RuleDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly strategy: Strategy;
  @Column({ type: 'int', nullable: true }) readonly capacity: number | null;
  @Column('boolean') readonly needsSkill: boolean;
  @Column('boolean') readonly keepsHours: boolean;
  @Column('jsonb') readonly members: readonly Member[];
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(teamId: string, document: RuleDocument): DistributionRule {
    return new DistributionRule().change({ ...document, id: teamId });
  }

  replace(document: RuleDocument): void {
    this.change(document);
  }
}
