import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SecondFactorAdded, SecondFactorRemoved } from '../events.js';

export type NewPasskey = {
  readonly userId: string;
  readonly name: string;
  readonly credentialId: string;
  readonly publicKey: Buffer;
  readonly signCount: number;
  readonly transports: readonly string[];
  readonly isBackedUp: boolean;
};

/** A key pair in somebody's device, of which we know the public half. */
@Entity('passkeys')
export class Passkey extends Aggregate<Passkey> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly userId: string;
  @Column('text') readonly name: string;
  @Column('text') readonly credentialId: string;
  @Column('bytea') readonly publicKey: Buffer;
  /** As the driver reads a bigint. */
  @Column('bigint') readonly signCount: string;
  @Column('text', { array: true }) readonly transports: readonly string[];
  @Column('boolean') readonly isBackedUp: boolean;
  @Column('timestamptz', { nullable: true }) readonly lastUsedAt: Date | null;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static add({ signCount, ...given }: NewPasskey): Passkey {
    const passkey = new Passkey().change({ ...given, id: newId(), signCount: String(signCount), lastUsedAt: null });
    passkey.raise(SecondFactorAdded({ userId: given.userId }));
    return passkey;
  }

  /**
   * Whether a use with this count can be of the device itself. Devices that count, count up; those that do not, say 0
   * (Web Authentication Level 2, 6.1.1). A count that does not grow is of a copy.
   */
  countsOn(signCount: number): boolean {
    const last = Number(this.signCount);
    return (last === 0 && signCount === 0) || signCount > last;
  }

  use(signCount: number, isBackedUp: boolean, now: Date): void {
    this.change({ signCount: String(signCount), isBackedUp, lastUsedAt: now });
  }

  remove(): void {
    this.raise(SecondFactorRemoved({ userId: this.userId }));
  }
}
