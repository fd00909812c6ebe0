import { Aggregate } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DuplicateDismissed } from '../events.js';

export const DUPLICATE_STATUSES = ['open', 'dismissed'] as const;
export type DuplicateStatus = (typeof DUPLICATE_STATUSES)[number];

/** What two records have in common, and how many of the points of the score it is worth. */
export type Likeness = {
  readonly reason: 'same_email' | 'same_phone' | 'similar_name' | 'similar_company';
  readonly points: number;
};

/** Two customers who are probably one person. Written by the search for them; people only say that they are two. */
@Entity('customer_duplicates')
export class Duplicate extends Aggregate<Duplicate> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly customerId: string;
  @Column('uuid') readonly otherId: string;
  @Column('int') readonly score: number;
  @Column('jsonb') readonly reasons: readonly Likeness[];
  @Column('text') readonly status: DuplicateStatus;
  @Column({ type: 'uuid', nullable: true }) readonly dismissedBy: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly dismissedAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  dismiss(by: string, now: Date): void {
    if (this.status === 'dismissed') return;
    this.change({ status: 'dismissed', dismissedBy: by, dismissedAt: now });
    this.raise(DuplicateDismissed({ customerId: this.customerId, otherId: this.otherId }));
  }
}
