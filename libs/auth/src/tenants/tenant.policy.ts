import { definePermissions } from '@app/kernel';

export const TenantPermissions = definePermissions('tenants', {
  export: 'Export everything that the tenant has',
  manage: "Change the tenant's settings: title, zone, language, currency, branding, retention",
});
