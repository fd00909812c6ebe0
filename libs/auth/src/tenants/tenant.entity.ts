import { Aggregate, InvalidTransition, newId, StateMachine } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TenantActivated, TenantClosing, TenantCreated, TenantLocked, TenantSuspended } from '../events.js';

export type NewTenant = { slug: string; title: string; zone?: string; locale?: string; currency?: string };
export type TenantSettings = { title: string; zone: string; locale: string; currency: string };

/** How what the machine writes to people looks; null where the tenant says nothing. */
export type Branding = {
  /** In place of the installation's name, as the sender of mails. */
  displayName: string | null;
  logoUrl: string | null;
  /** `#rrggbb` */
  accentColour: string | null;
  mailFooter: string | null;
};

/** Days by kind; null: kept for good. What it does not name is kept as is usual. */
export type RetentionDays = Readonly<Record<string, number | null>>;

const UNBRANDED: Branding = { displayName: null, logoUrl: null, accentColour: null, mailFooter: null };

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
  /** ISO 4217: what amounts are in where nobody says otherwise. */
  @Column('text') readonly currency: string;
  @Column('jsonb') readonly branding: Partial<Branding>;
  @Column('jsonb') readonly retention: RetentionDays;
  @Column('text') readonly status: TenantStatus;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly deleteAt: Date | null;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static found(
    { slug, title, zone = 'UTC', locale = 'en', currency = 'EUR' }: NewTenant,
    id: string = newId(),
  ): Tenant {
    const tenant = new Tenant().change({
      id,
      tenantId: id,
      slug,
      title,
      zone,
      locale,
      currency,
      branding: {},
      retention: {},
      status: 'active',
      deleteAt: null,
    });
    tenant.raise(TenantCreated({ tenantId: id, slug, zone }));
    return tenant;
  }

  settle(settings: Partial<TenantSettings>): void {
    this.change(settings);
  }

  /** What is absent stays as it is; null takes it back. */
  brand(to: Partial<Branding>): void {
    const said = Object.entries({ ...this.branding, ...to }).filter(([, value]) => value !== null);
    this.change({ branding: Object.fromEntries(said) });
  }

  /** What is absent stays as it is. */
  keepFor(days: RetentionDays): void {
    this.change({ retention: { ...this.retention, ...days } });
  }

  get brandingOrNone(): Branding {
    return { ...UNBRANDED, ...this.branding };
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
