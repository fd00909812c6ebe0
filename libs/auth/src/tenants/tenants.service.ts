import { Clock } from '@app/kernel';
import { currentRequestId, currentTenantId, Database, onConstraint, runAsSystem, Schedules } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { RolesService } from '../roles/roles.service.js';
import { type NewTenant, Tenant, type TenantSettings } from './tenant.entity.js';
import { SlugInvalid, SlugTaken } from './tenant.errors.js';

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

@Injectable()
export class TenantsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly roles: RolesService,
    private readonly schedules: Schedules,
  ) {}

  /**
   * A tenant with its roles and schedules, and what `furnish` adds as its system actor, in one commit. Called outside any
   * transaction: its rows are another tenant's than the caller's.
   * @throws SlugTaken, SlugInvalid
   */
  async found<T>(given: NewTenant, furnish: (tenant: Tenant) => Promise<T>): Promise<T> {
    if (!SLUG.test(given.slug)) throw new SlugInvalid();
    const tenant = Tenant.found(given);
    const taken = onConstraint('tenants_slug_is_free', () => new SlugTaken(given.slug));
    return this.inside(tenant.id, () =>
      this.db.transaction(async () => {
        await this.db.create(tenant).catch(taken);
        await this.bringUp(tenant.zone);
        return furnish(tenant);
      }),
    );
  }

  async settle(version: number | undefined, settings: Partial<TenantSettings>): Promise<void> {
    await this.db.transaction(async () => {
      const { zone } = await this.db.change(Tenant, currentTenantId(), version, (tenant) => tenant.settle(settings));
      await this.schedules.ensure(this.clock.now(), zone);
    });
  }

  /** In the open transaction: the seeded roles and schedules of today, where the current tenant lacks them. */
  async bringUp(zone: string): Promise<void> {
    await this.roles.seed();
    await this.schedules.ensure(this.clock.now(), zone);
  }

  private inside<T>(id: string, work: () => Promise<T>): Promise<T> {
    return runAsSystem(id, 'auth.tenants', currentRequestId(), work);
  }
}
