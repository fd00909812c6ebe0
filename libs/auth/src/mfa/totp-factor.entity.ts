import { Aggregate } from '@app/kernel';
import type { RestingPlace } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SecondFactorAdded, SecondFactorRemoved } from '../events.js';
import { FactorExists, NoFactorBegun } from './mfa.errors.js';

/** Where the key of somebody's codes rests. */
export const placeOfSecret = (tenantId: string, userId: string): RestingPlace => ({
  tenantId,
  table: 'totp_factors',
  column: 'secret',
  id: userId,
});

/** Somebody's one-time codes: begun when the secret is shown, in force once a code of it came back. Its id is the user's. */
@Entity('totp_factors')
export class TotpFactor extends Aggregate<TotpFactor> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  /** Sealed. */
  @Column('text') readonly secret: string;
  /** A code counts once: only those of later time steps are taken. */
  @Column('int') readonly lastStep: number;
  @Column('timestamptz', { nullable: true }) readonly confirmedAt: Date | null;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static begin(userId: string, secret: string): TotpFactor {
    return new TotpFactor().change({ id: userId, secret, lastStep: 0, confirmedAt: null });
  }

  /** Another secret, for somebody who never confirmed the last one. */
  beginAgain(secret: string): void {
    if (this.confirmedAt) throw new FactorExists();
    this.change({ secret, lastStep: 0 });
  }

  /** In force from now on; the code that confirmed it is used up. */
  confirm(step: number, now: Date): void {
    if (this.confirmedAt) throw new FactorExists();
    this.change({ confirmedAt: now, lastStep: step });
    this.raise(SecondFactorAdded({ userId: this.id }));
  }

  remove(): void {
    if (!this.confirmedAt) throw new NoFactorBegun();
    this.raise(SecondFactorRemoved({ userId: this.id }));
  }
}
