import { Aggregate } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StatusRequirement } from './status-requirement.js';

/** What a tenant demands of its customers, by status. One row, its id the tenant's; none while nothing was demanded. */
@Entity('customer_status_requirements')
export class StatusRequirements extends Aggregate<StatusRequirements> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('jsonb') readonly rules: readonly StatusRequirement[];
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(tenantId: string, rules: readonly StatusRequirement[]): StatusRequirements {
    return new StatusRequirements().change({ id: tenantId, rules });
  }

  replace(rules: readonly StatusRequirement[]): void {
    this.change({ rules });
  }
}
