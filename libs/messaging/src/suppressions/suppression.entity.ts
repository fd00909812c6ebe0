import { Aggregate } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { normaliseAddress } from '../messages/mail-address.js';
import type { SuppressionReason } from './suppression.policy.js';

/** One reason not to write to one address. Each reason is a row of its own, so that lifting one leaves the others. */
@Entity('suppressions')
export class Suppression extends Aggregate<Suppression> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly address: string;
  @Column('text') readonly reason: SuppressionReason;
  @Column({ type: 'text', nullable: true }) readonly note: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(id: string, address: string, reason: SuppressionReason, note: string | undefined): Suppression {
    return new Suppression().change({ id, address: normaliseAddress(address), reason, note: note ?? null });
  }
}
