import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ServiceTokenRevoked } from '../events.js';

export type NewServiceToken = {
  name: string;
  grants: string[];
  expiresAt: Date | null;
  allowedFrom: string[];
  prefix: string;
  keyHash: Buffer;
  createdBy: string;
};

/** A key with which another system comes in. Only its hash is kept: the key is shown once, to whoever made it. */
@Entity('service_tokens')
export class ServiceToken extends Aggregate<ServiceToken> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text') readonly prefix: string;
  @Column('bytea') readonly keyHash: Buffer;
  @Column('text', { array: true }) readonly grants: string[];
  /** Addresses and networks; none: from anywhere. */
  @Column('text', { array: true }) readonly allowedFrom: string[];
  @Column('uuid') readonly createdBy: string;
  @Column('timestamptz', { nullable: true }) readonly expiresAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly revokedAt: Date | null;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static issue(given: NewServiceToken): ServiceToken {
    return new ServiceToken().change({
      id: newId(),
      ...given,
      grants: [...new Set(given.grants)].sort(),
      allowedFrom: [...new Set(given.allowedFrom)].sort(),
      revokedAt: null,
    });
  }

  revoke(now: Date): void {
    if (this.revokedAt) return;
    this.change({ revokedAt: now });
    this.raise(ServiceTokenRevoked({ tokenId: this.id }));
  }
}
