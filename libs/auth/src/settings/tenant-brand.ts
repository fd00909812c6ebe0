import { type MailBrand, type MailBranding, MailBrandPort } from '@app/messaging';
import { currentTenantId, Database, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Tenant } from '../tenants/tenant.entity.js';

/** How mails of the current tenant look. */
@Injectable()
@Provides(MailBrandPort)
export class TenantBrand implements MailBranding {
  constructor(private readonly db: Database) {}

  async current(): Promise<MailBrand | undefined> {
    return (await this.db.find(Tenant, currentTenantId()))?.brandingOrNone;
  }
}
