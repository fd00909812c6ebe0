import { AuthFoundation1763700100000 } from './1763700100000-auth-foundation.js';
import { TotpFactors1764000100000 } from './1764000100000-totp-factors.js';
import { MfaChallenges1764000110000 } from './1764000110000-mfa-challenges.js';
import { RoleDemandsMfa1764000120000 } from './1764000120000-role-demands-mfa.js';
import { StepUp1764000130000 } from './1764000130000-step-up.js';
import { SingleSignOn1764001100000 } from './1764001100000-single-sign-on.js';
import { Passkeys1764001120000 } from './1764001120000-passkeys.js';
import { FactorBounds1764001130000 } from './1764001130000-factor-bounds.js';
import { InactiveAssignees1764001500000 } from './1764001500000-inactive-assignees.js';
import { SuspendedTenants1764001540000 } from './1764001540000-suspended-tenants.js';
import { ClosingTenants1764001550000 } from './1764001550000-closing-tenants.js';
import { SuspendedTenantsByEveryDoor1764001710000 } from './1764001710000-suspended-tenants-by-every-door.js';
import { ProvenDomains1764001810000 } from './1764001810000-proven-domains.js';
import { ServiceTokensByNetwork1764001850000 } from './1764001850000-service-tokens-by-network.js';
import { FieldRights1764002190000 } from './1764002190000-field-rights.js';
import { TenantSettings1764002160000 } from './1764002160000-tenant-settings.js';
import { Impersonations1764002163000 } from './1764002163000-impersonations.js';
import { Scim1764002200100 } from './1764002200100-scim.js';
import { TeamHierarchy1764002200000 } from './1764002200000-team-hierarchy.js';
import { LastOfATenant1764002280000 } from './1764002280000-last-of-a-tenant.js';

export const authMigrations = [
  AuthFoundation1763700100000,
  TotpFactors1764000100000,
  MfaChallenges1764000110000,
  RoleDemandsMfa1764000120000,
  StepUp1764000130000,
  SingleSignOn1764001100000,
  Passkeys1764001120000,
  FactorBounds1764001130000,
  InactiveAssignees1764001500000,
  SuspendedTenants1764001540000,
  ClosingTenants1764001550000,
  SuspendedTenantsByEveryDoor1764001710000,
  ProvenDomains1764001810000,
  ServiceTokensByNetwork1764001850000,
  FieldRights1764002190000,
  TenantSettings1764002160000,
  Impersonations1764002163000,
  TeamHierarchy1764002200000,
  Scim1764002200100,
  LastOfATenant1764002280000,
];
