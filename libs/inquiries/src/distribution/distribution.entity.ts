import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Judged, Strategy } from './distribution.policy.js';

type Decided = {
  readonly inquiryId: string;
  readonly teamId: string;
  readonly strategy: Strategy;
  readonly candidates: readonly Judged[];
  readonly at: Date;
};

/** Who got an inquiry, of whom, and why the others did not: written once, for good. */
@Entity('distributions')
export class Distribution extends Aggregate<Distribution> implements Decided {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly inquiryId: string;
  @Column('uuid') readonly teamId: string;
  @Column('text') readonly strategy: Strategy;
  @Column({ type: 'uuid', nullable: true }) readonly assignedTo: string | null;
  @Column('jsonb') readonly candidates: readonly Judged[];
  @Column({ type: 'timestamptz', precision: 3 }) readonly at: Date;

  static of(decided: Decided): Distribution {
    const [first] = decided.candidates;
    const assignedTo = first && first.refusal === null ? first.userId : null;
    return new Distribution().change({ ...decided, id: newId(), assignedTo });
  }
}
