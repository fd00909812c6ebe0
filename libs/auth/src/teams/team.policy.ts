import { definePermissions } from '@app/kernel';

export const TeamPermissions = definePermissions('teams', {
  read: 'See the teams and their members',
  manage: 'Define teams and choose their members',
});
