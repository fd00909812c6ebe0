import { Aggregate, newId } from '@app/kernel';
import type { NamedIn } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Absorbed } from '../leads/lead.entity.js';
import type { LiveStatus } from '../leads/lead.policy.js';
import { LeadNotMerged } from './merging.errors.js';

/** Why two leads are taken for one person. */
export const REASONS = ['same_email', 'same_phone', 'same_mail', 'by_hand'] as const;
export type Reason = (typeof REASONS)[number];

/** That one lead went on in another: what the other one took over, and which rows came to it. */
@Entity('lead_merges')
export class LeadMerge extends Aggregate<LeadMerge> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly survivorId: string;
  @Column('uuid') readonly loserId: string;
  @Column({ type: 'uuid', nullable: true }) readonly cleanupId: string | null;
  @Column('text', { array: true }) readonly reasons: readonly Reason[];
  @Column('text') readonly loserStatus: LiveStatus;
  /** Of what the survivor took over: what it had before, and what it had then. */
  @Column('jsonb') readonly before: Absorbed;
  @Column('jsonb') readonly after: Absorbed;
  @Column('jsonb') readonly moved: NamedIn;
  @Column('uuid') readonly mergedBy: string;
  @Column({ type: 'uuid', nullable: true }) readonly undoneBy: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly undoneAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(
    done: Pick<LeadMerge, 'survivorId' | 'loserId' | 'cleanupId' | 'reasons' | 'loserStatus'> &
      Pick<LeadMerge, 'before' | 'after' | 'moved' | 'mergedBy'>,
    id = newId(),
  ): LeadMerge {
    return new LeadMerge().change({ ...done, id, undoneBy: null, undoneAt: null });
  }

  /** @throws LeadNotMerged */
  undo(by: string, now: Date): void {
    if (this.undoneAt) throw new LeadNotMerged(this.loserId);
    this.change({ undoneBy: by, undoneAt: now });
  }
}
