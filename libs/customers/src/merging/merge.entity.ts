import { Aggregate } from '@app/kernel';
import type { NamedIn } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MergedFields } from '../customer.entity.js';
import { MergeUndone } from '../customer.errors.js';

/** A consent that the survivor had and the other one had withdrawn. */
export type Restriction = { readonly channel: string; readonly purpose: string; readonly wasGranted: boolean };

/** That two customers became one: what the survivor was like, what it became, and which rows came to it. */
@Entity('customer_merges')
export class Merge extends Aggregate<Merge> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly survivorId: string;
  @Column('uuid') readonly loserId: string;
  @Column('text') readonly state: 'merged' | 'undone';
  @Column('jsonb') readonly survivorBefore: MergedFields;
  @Column('jsonb') readonly survivorAfter: MergedFields;
  @Column('jsonb') readonly moved: NamedIn;
  @Column('jsonb') readonly restricted: readonly Restriction[];
  @Column('uuid') readonly mergedBy: string;
  @Column({ type: 'uuid', nullable: true }) readonly undoneBy: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly undoneAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(
    done: Pick<
      Merge,
      'id' | 'survivorId' | 'loserId' | 'survivorBefore' | 'survivorAfter' | 'moved' | 'restricted' | 'mergedBy'
    >,
  ): Merge {
    return new Merge().change({ ...done, state: 'merged', undoneBy: null, undoneAt: null });
  }

  /** @throws MergeUndone */
  undo(by: string, now: Date): void {
    if (this.state === 'undone') throw new MergeUndone(this.id);
    this.change({ state: 'undone', undoneBy: by, undoneAt: now });
  }
}
