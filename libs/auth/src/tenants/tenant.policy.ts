import { definePermissions } from '@app/kernel';

export const TenantPermissions = definePermissions('tenants', {
  manage: "Change the tenant's title, zone and language",
});
