import { definePermissions } from '@app/kernel';

export const UserPermissions = definePermissions('users', {
  read: 'See the users of the tenant',
  create: 'Register users',
  update: 'Change names, addresses and settings of users',
  deactivate: 'Deactivate and activate users',
  'reset-mfa': 'Remove the second factor of somebody who lost it',
  impersonate: 'See the system as a colleague who may do no more than oneself',
  handOver: 'Pass on to colleagues what is somebody’s',
});

/** Who holds these can give every other right back, so a tenant always keeps somebody who does. */
export const ADMINISTERING = ['roles:manage', 'users:update'] as const;
