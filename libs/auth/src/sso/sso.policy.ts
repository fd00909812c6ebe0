import { definePermissions } from '@app/kernel';

export const SsoPermissions = definePermissions('sso-providers', {
  read: 'See the identity providers of the tenant',
  manage: 'Set up identity providers, and who may come in without them',
});
