import { definePort } from './port.js';

/** Who knows by whose wall clock the current tenant's day begins. */
export interface TenantZone {
  /** An IANA zone. */
  zone(): Promise<string>;
}

export const TenantZonePort = definePort<TenantZone>('tenant-zone');
