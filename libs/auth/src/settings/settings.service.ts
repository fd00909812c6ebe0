import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Branding, Tenant } from '../tenants/tenant.entity.js';
import { type Kept, RetentionService } from './retention.service.js';

export type Settings = { tenant: Tenant; kept: Kept[] };
type Change = { branding?: Partial<Branding>; retention?: Readonly<Record<string, unknown>> };

/** How the current tenant looks to people, and for how long it keeps what is over. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly db: Database,
    private readonly retention: RetentionService,
  ) {}

  async current(): Promise<Settings> {
    return this.told(await this.db.get(Tenant, currentTenantId()));
  }

  /** What is absent stays as it is. @throws RetentionRefused */
  async change(version: number | undefined, { branding = {}, retention = {} }: Change): Promise<Settings> {
    const days = this.retention.accepted(retention);
    const tenant = await this.db.change(Tenant, currentTenantId(), version, (one) => {
      one.brand(branding);
      one.keepFor(days);
    });
    return this.told(tenant);
  }

  private told(tenant: Tenant): Settings {
    return { tenant, kept: this.retention.of(tenant) };
  }
}
