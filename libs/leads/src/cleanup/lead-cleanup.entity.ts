import { Aggregate } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Keep } from '../settings/lead-settings.entity.js';
import { CleanupUndone } from './cleanup.errors.js';

/** That duplicates were looked for among all leads and merged. */
@Entity('lead_cleanups')
export class LeadCleanup extends Aggregate<LeadCleanup> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly keep: Keep;
  @Column('int') readonly merged: number;
  @Column('boolean') readonly hasMore: boolean;
  @Column('uuid') readonly startedBy: string;
  @Column({ type: 'uuid', nullable: true }) readonly undoneBy: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly undoneAt: Date | null;
  /** How many of its merges were taken back. */
  @Column({ type: 'int', nullable: true }) readonly undone: number | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(done: Pick<LeadCleanup, 'id' | 'keep' | 'merged' | 'hasMore' | 'startedBy'>): LeadCleanup {
    return new LeadCleanup().change({ ...done, undoneBy: null, undoneAt: null, undone: null });
  }

  /** @throws CleanupUndone */
  assertStanding(): void {
    if (this.undoneAt) throw new CleanupUndone(this.id);
  }

  /** @throws CleanupUndone */
  undo(undone: number, by: string, now: Date): void {
    this.assertStanding();
    this.change({ undone, undoneBy: by, undoneAt: now });
  }
}
