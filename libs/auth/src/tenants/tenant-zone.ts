import { Provides, type TenantZone, TenantZonePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { AuthFacade } from '../auth.facade.js';

/** The days that lists are asked for are those of the tenant's own zone. */
@Injectable()
@Provides(TenantZonePort)
export class ZoneOfTenant implements TenantZone {
  constructor(private readonly auth: AuthFacade) {}

  zone(): Promise<string> {
    return this.auth.zone();
  }
}
