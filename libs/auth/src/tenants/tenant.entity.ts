import { Aggregate, InvalidTransition, newId, StateMachine } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TenantActivated, TenantClosing, TenantCreated, TenantLocked, TenantSuspended } from '../events.js';

export type NewTenant = { slug: string; title: string; zone?: string; locale?: string };
export type TenantSettings = { title: string; zone: string; locale: string };

export type TenantStatus = 'active' | 'suspended' | 'locked' | 'closing';

/** `suspended`: it is read and exported, and nothing changes. `locked`: nobody comes in either. `closing`: as suspended, and deleted for good in a while. */
export const TENANT_STATES = new StateMachine<TenantStatus>('tenant', 'active', {
  active: ['suspended', 'locked', 'closing'],
  suspended: ['active', 'locked', 'closing'],
  locked: ['active', 'suspended', 'closing'],
  closing: ['suspended'],
});

/** A company with everything that is its own. Its row stands in its own tenancy: `tenantId` is its id. */
@Entity('tenants')
export class Tenant extends Aggregate<Tenant> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly slug: string;
  @Column('text') readonly title: string;
  @Column('text') readonly zone: string;
  @Column('text') readonly locale: string;
  @Column('text') readonly status: TenantStatus;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly deleteAt: Date | null;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static found({ slug, title, zone = 'UTC', locale = 'en' }: NewTenant, id: string = newId()): Tenant {
    const tenant = new Tenant().change({
      id,
      tenantId: id,
      slug,
      title,
      zone,
      locale,
      status: 'active',
      deleteAt: null,
    });
    tenant.raise(TenantCreated({ tenantId: id, slug, zone }));
    return tenant;
  }

  settle(settings: Partial<TenantSettings>): void {
    this.change(settings);
  }

  suspend(): void {
    if (this.enter('suspended')) this.raise(TenantSuspended({ tenantId: this.id }));
  }

  lock(): void {
    if (this.enter('locked')) this.raise(TenantLocked({ tenantId: this.id }));
  }

  activate(): void {
    if (this.enter('active')) this.raise(TenantActivated({ tenantId: this.id }));
  }

  /** It is deleted for good at that time, unless it is kept before. */
  close(deleteAt: Date): void {
    this.enter('closing');
    this.change({ deleteAt });
    this.raise(TenantClosing({ tenantId: this.id, deleteAt: deleteAt.toISOString() }));
  }

  /** What was to be deleted stays, and is suspended. */
  keep(): void {
    if (this.status !== 'closing')
      throw new InvalidTransition('tenant', this.status, 'suspended', TENANT_STATES.transitions[this.status]);
    this.change({ status: 'suspended', deleteAt: null });
    this.raise(TenantSuspended({ tenantId: this.id }));
  }

  isDue(deleteAt: string): boolean {
    return this.status === 'closing' && this.deleteAt?.toISOString() === deleteAt;
  }

  private enter(status: TenantStatus): boolean {
    if (this.status === status) return false;
    TENANT_STATES.assert(this.status, status);
    this.change({ status });
    return true;
  }
}
