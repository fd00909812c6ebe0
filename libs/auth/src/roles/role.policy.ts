import { definePermissions } from '@app/kernel';

export const RolePermissions = definePermissions('roles', {
  read: 'See the roles and what they grant',
  manage: 'Define roles and give them to users',
});
