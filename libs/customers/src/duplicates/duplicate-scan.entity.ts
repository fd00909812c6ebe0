import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DuplicatesScanned } from '../events.js';

/** One walk through all customers of a tenant, in the order of their ids: where it stands is on record. */
@Entity('customer_duplicate_scans')
export class DuplicateScan extends Aggregate<DuplicateScan> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly state: 'running' | 'done';
  @Column({ type: 'uuid', nullable: true }) readonly lastId: string | null;
  @Column('int') readonly scanned: number;
  @Column('int') readonly found: number;
  @Column('uuid') readonly startedBy: string;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly finishedAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static start(startedBy: string): DuplicateScan {
    const begun = { state: 'running', lastId: null, scanned: 0, found: 0, finishedAt: null } as const;
    return new DuplicateScan().change({ ...begun, id: newId(), startedBy });
  }

  pass(ids: readonly string[], found: number): void {
    this.change({
      lastId: ids.at(-1) ?? this.lastId,
      scanned: this.scanned + ids.length,
      found: this.found + found,
    });
  }

  finish(now: Date): void {
    this.change({ state: 'done', finishedAt: now });
    this.raise(DuplicatesScanned({ scanId: this.id, scanned: this.scanned, found: this.found }));
  }
}
