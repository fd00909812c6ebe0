import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TenantActivated, TenantCreated, TenantSuspended } from '../events.js';

export type NewTenant = { slug: string; title: string; zone?: string; locale?: string };
export type TenantSettings = { title: string; zone: string; locale: string };

/** A company with everything that is its own. Its row stands in its own tenancy: `tenantId` is its id. */
@Entity('tenants')
export class Tenant extends Aggregate<Tenant> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly slug: string;
  @Column('text') readonly title: string;
  @Column('text') readonly zone: string;
  @Column('text') readonly locale: string;
  @Column('text') readonly status: 'active' | 'suspended';
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static found({ slug, title, zone = 'UTC', locale = 'en' }: NewTenant, id: string = newId()): Tenant {
    const tenant = new Tenant().change({ id, tenantId: id, slug, title, zone, locale, status: 'active' });
    tenant.raise(TenantCreated({ tenantId: id, slug, zone }));
    return tenant;
  }

  settle(settings: Partial<TenantSettings>): void {
    this.change(settings);
  }

  suspend(): void {
    if (this.status === 'suspended') return;
    this.change({ status: 'suspended' });
    this.raise(TenantSuspended({ tenantId: this.id }));
  }

  activate(): void {
    if (this.status === 'active') return;
    this.change({ status: 'active' });
    this.raise(TenantActivated({ tenantId: this.id }));
  }
}
