import { definePermissions } from '@app/kernel';

export const ServiceTokenPermissions = definePermissions('service-tokens', {
  manage: 'Make and revoke keys with which other systems come in',
});
