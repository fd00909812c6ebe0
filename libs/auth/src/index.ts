import { defineContext } from '@app/platform';
import { authMigrations } from '../migrations/index.js';
import { AuthzPermissions } from './authz/authz.policy.js';
import { AuthApiModule, AuthWorkerModule } from './auth.module.js';
import { TotpFactor } from './mfa/totp-factor.entity.js';
import { Passkey } from './passkeys/passkey.entity.js';
import { Role } from './roles/role.entity.js';
import { RolePermissions } from './roles/role.policy.js';
import { ScimPermissions } from './scim/scim.policy.js';
import { ServiceToken } from './service-tokens/service-token.entity.js';
import { ServiceTokenPermissions } from './service-tokens/service-token.policy.js';
import { Session } from './sessions/session.entity.js';
import { SsoProvider } from './sso/sso-provider.entity.js';
import { SsoPermissions } from './sso/sso.policy.js';
import { Team } from './teams/team.entity.js';
import { TeamPermissions } from './teams/team.policy.js';
import { Tenant } from './tenants/tenant.entity.js';
import { TenantPermissions } from './tenants/tenant.policy.js';
import { User } from './users/user.entity.js';
import { UserPermissions } from './users/user.policy.js';

export { AuthFacade, type TenantCard, type UserCard } from './auth.facade.js';
export {
  AuthzPermissions,
  RolePermissions,
  ScimPermissions,
  ServiceTokenPermissions,
  SsoPermissions,
  TeamPermissions,
  TenantPermissions,
  UserPermissions,
};

export const authContext = defineContext({
  name: 'auth',
  version: '1.0.0',
  description:
    'Tenants, users, teams, roles, permissions, sessions, second factors, single sign-on and service tokens.',
  uses: ['messaging'],
  api: AuthApiModule,
  worker: AuthWorkerModule,
  entities: [Tenant, User, Role, Team, Session, TotpFactor, ServiceToken, SsoProvider, Passkey],
  migrations: authMigrations,
  keptBack: [
    ...['users.password_hash', 'service_tokens.key_hash', 'service_token_uses'],
    ...['sessions', 'known_devices', 'password_resets', 'mfa_challenges', 'recovery_codes', 'totp_factors'],
    ...['sso_attempts', 'sso_providers.client_secret'],
  ],
  permissions: [
    UserPermissions,
    RolePermissions,
    TeamPermissions,
    ScimPermissions,
    ServiceTokenPermissions,
    SsoPermissions,
    TenantPermissions,
    AuthzPermissions,
  ],
});
