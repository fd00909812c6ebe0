import { definePermissions } from '@app/kernel';

export const ScimPermissions = definePermissions('scim', {
  provision: 'Provision users and teams from a directory (SCIM 2.0)',
  map: 'Say which roles a group of the directory brings',
});
