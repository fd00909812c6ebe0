import { definePermissions } from '@app/kernel';

export const AuthzPermissions = definePermissions('authz', {
  explain: 'See why others may or may not do something; of oneself everybody sees it',
});
