import { Clock } from '@app/kernel';
import {
  currentRequestId,
  currentTenantId,
  Database,
  onConstraint,
  runAsSystem,
  Schedules,
  Standings,
} from '@app/platform';
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
    private readonly standings: Standings,
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
        await this.roles.seed();
        await this.schedules.ensure(this.clock.now());
        return furnish(tenant);
      }),
    );
  }

  async settle(version: number | undefined, settings: Partial<TenantSettings>): Promise<void> {
    await this.db.change(Tenant, currentTenantId(), version, (tenant) => tenant.settle(settings));
  }

  /** Nobody of the tenant comes in from now on, nor does any of its service tokens. */
  async suspend(id: string): Promise<void> {
    await this.inside(id, async () => {
      await this.db.change(Tenant, id, undefined, (tenant) => tenant.suspend());
      await this.forgetEverybody();
    });
  }

  /** Their sessions, as far as they have not expired, go on. */
  async activate(id: string): Promise<void> {
    await this.inside(id, () => this.db.change(Tenant, id, undefined, (tenant) => tenant.activate()));
  }

  /** Clears every cached standing of the current tenant. */
  async forgetEverybody(): Promise<void> {
    const rows = await this.db.query<{ id: string }>(
      'select id from sessions where revoked_at is null union all select id from service_tokens where revoked_at is null',
    );
    await this.standings.forget(rows.map(({ id }) => id));
  }

  private inside<T>(id: string, work: () => Promise<T>): Promise<T> {
    return runAsSystem(id, 'auth.tenants', currentRequestId(), work);
  }
}
