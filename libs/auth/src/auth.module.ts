import { MessagingModule } from '@app/messaging';
import { Authenticator } from '@app/platform';
import { Global, Module } from '@nestjs/common';
import { AccessTokens, JwtStrategy } from './access/access-tokens.js';
import { NexusAuthenticator } from './access/nexus-authenticator.js';
import { AuthFacade } from './auth.facade.js';
import { AuthWorker } from './auth.worker.js';
import { Resealing } from './resealing.worker.js';
import { AuthzController } from './authz/authz.controller.js';
import { CaptchaService } from './captcha/captcha.service.js';
import { CaptchaVerifier } from './captcha/captcha-verifier.js';
import { Siteverify } from './captcha/siteverify.js';
import { Explanations } from './authz/explanations.service.js';
import { OversightQueries } from './authz/oversight.queries.js';
import { RecordReachQueries } from './authz/record-reach.queries.js';
import { SubjectsQueries } from './authz/subjects.queries.js';
import { FieldRightsController, RoleFieldRightsController } from './field-rights/field-rights.controller.js';
import { FieldRightsService } from './field-rights/field-rights.service.js';
import { RestrictableFields } from './field-rights/restrictable-fields.js';
import { HandoverController } from './handover/handover.controller.js';
import { HandoverService } from './handover/handover.service.js';
import { ImpersonationController } from './impersonation/impersonation.controller.js';
import { ImpersonationService } from './impersonation/impersonation.service.js';
import { FactorGuesses } from './mfa/factor-guesses.js';
import { MfaChallenges } from './mfa/mfa-challenges.js';
import { MfaLogin } from './mfa/mfa-login.service.js';
import { MfaController } from './mfa/mfa.controller.js';
import { MfaQueries } from './mfa/mfa.queries.js';
import { FactorRemoval } from './mfa/factor-removal.service.js';
import { FactorResetController } from './mfa/factor-reset.controller.js';
import { FactorReset } from './mfa/factor-reset.service.js';
import { MfaService } from './mfa/mfa.service.js';
import { OwnProof } from './mfa/own-proof.js';
import { FactorChanges } from './mfa/factor-changes.js';
import { RecoveryCodeReissue } from './mfa/recovery-code-reissue.service.js';
import { RecoveryCodes } from './mfa/recovery-codes.js';
import { StepUpController } from './mfa/step-up.controller.js';
import { StepUpService } from './mfa/step-up.service.js';
import { SecondFactor } from './mfa/second-factor.js';
import { SecurityNotices } from './notices/security-notices.js';
import { PasskeyEnrolment } from './passkeys/passkey-enrolment.service.js';
import { PasskeyLogin } from './passkeys/passkey-login.service.js';
import { PasskeyProofs } from './passkeys/passkey-proofs.js';
import { PasskeyPlace } from './passkeys/passkey-place.js';
import { PasskeysController } from './passkeys/passkeys.controller.js';
import { PasskeysQueries } from './passkeys/passkeys.queries.js';
import { LeakedPasswords } from './passwords/leaked-passwords.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { RangeList } from './passwords/range-list.js';
import { PasswordResets } from './passwords/password-resets.service.js';
import { PasswordsController } from './passwords/passwords.controller.js';
import { PasswordsService } from './passwords/passwords.service.js';
import { RoleAssignments } from './roles/role-assignments.js';
import { RolesController } from './roles/roles.controller.js';
import { RolesQueries } from './roles/roles.queries.js';
import { RolesService } from './roles/roles.service.js';
import { ScimBounds } from './scim/scim-bounds.js';
import { ScimDiscoveryController } from './scim/scim-discovery.controller.js';
import { ScimErrorShape } from './scim/scim-error-shape.js';
import { ScimGroupsController } from './scim/scim-groups.controller.js';
import { ScimGroupsQueries } from './scim/scim-groups.queries.js';
import { ScimGroups } from './scim/scim-groups.service.js';
import { ScimMappingController } from './scim/scim-mapping.controller.js';
import { ScimRoles } from './scim/scim-roles.service.js';
import { ScimUsersController } from './scim/scim-users.controller.js';
import { ScimUsersQueries } from './scim/scim-users.queries.js';
import { ScimUsers } from './scim/scim-users.service.js';
import { ServiceTokensController } from './service-tokens/service-tokens.controller.js';
import { ServiceTokensQueries } from './service-tokens/service-tokens.queries.js';
import { ServiceTokensService } from './service-tokens/service-tokens.service.js';
import { Entrance } from './sessions/entrance.js';
import { LoginService } from './sessions/login.service.js';
import { LoginThrottle } from './sessions/login-throttle.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsQueries } from './sessions/sessions.queries.js';
import { SessionsService } from './sessions/sessions.service.js';
import { Admission } from './sessions/admission.js';
import { BreakGlassController } from './sso/break-glass.controller.js';
import { BreakGlassService } from './sso/break-glass.service.js';
import { BrowserBinding } from './sso/browser-binding.js';
import { SsoAccounts } from './sso/sso-accounts.js';
import { SsoAnswers } from './sso/sso-answers.js';
import { SsoAttempts } from './sso/sso-attempts.js';
import { SsoClients } from './sso/sso-clients.js';
import { SsoLogin } from './sso/sso-login.service.js';
import { SsoProvidersController } from './sso/sso-providers.controller.js';
import { SsoProvidersQueries } from './sso/sso-providers.queries.js';
import { SsoDomainsService } from './sso/sso-domains.service.js';
import { SsoProvidersService } from './sso/sso-providers.service.js';
import { SsoController } from './sso/sso.controller.js';
import { TeamsController } from './teams/teams.controller.js';
import { TeamsQueries } from './teams/teams.queries.js';
import { TeamsService } from './teams/teams.service.js';
import { RetentionService } from './settings/retention.service.js';
import { RetentionWorker } from './settings/retention.worker.js';
import { SettingsController } from './settings/settings.controller.js';
import { SettingsService } from './settings/settings.service.js';
import { KnownDevices, SignIns } from './settings/sign-ins.retention.js';
import { TenantBrand } from './settings/tenant-brand.js';
import { Bootstrap } from './tenants/bootstrap.js';
import { TenantUpkeep } from './tenants/tenant-upkeep.js';
import { TenantDeletion } from './tenants/tenant-deletion.service.js';
import { TenantArchive } from './tenants/tenant-archive.service.js';
import { TenantExport } from './tenants/tenant-export.service.js';
import { TenantTables } from './tenants/tenant-tables.queries.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { SuspensionService } from './tenants/suspension.service.js';
import { ZoneOfTenant } from './tenants/tenant-zone.js';
import { TenantsService } from './tenants/tenants.service.js';
import { Administrators } from './users/administrators.js';
import { ProfileController } from './users/profile.controller.js';
import { RegistrationController } from './users/registration.controller.js';
import { RegistrationGuard } from './users/registration.guard.js';
import { RegistrationService, SignUp } from './users/registration.service.js';
import { UsersController } from './users/users.controller.js';
import { UsersQueries } from './users/users.queries.js';
import { UsersService } from './users/users.service.js';

const ACCESS = [
  JwtStrategy,
  AccessTokens,
  NexusAuthenticator,
  { provide: Authenticator, useExisting: NexusAuthenticator },
];
const PASSWORDS = [
  PasswordHasher,
  { provide: LeakedPasswords, useClass: RangeList },
  PasswordsService,
  PasswordResets,
  SecurityNotices,
];
const CAPTCHA = [{ provide: CaptchaVerifier, useClass: Siteverify }, CaptchaService];
const PEOPLE = [
  UsersService,
  UsersQueries,
  Administrators,
  RoleAssignments,
  RolesService,
  RegistrationService,
  TeamsService,
];

const FIELDS = [FieldRightsService, RestrictableFields];
const SETTINGS = [RetentionService, SignIns, KnownDevices, TenantBrand];

const AUTHZ = [Explanations, OversightQueries, RecordReachQueries, SubjectsQueries];

const MFA = [
  RecoveryCodes,
  SecondFactor,
  FactorGuesses,
  OwnProof,
  MfaChallenges,
  MfaLogin,
  MfaService,
  FactorRemoval,
  FactorReset,
  FactorChanges,
  RecoveryCodeReissue,
  MfaQueries,
  StepUpService,
];

const PASSKEYS = [PasskeyPlace, PasskeyProofs, PasskeyEnrolment, PasskeyLogin, PasskeysQueries];

const SSO = [
  SsoDomainsService,
  SsoProvidersService,
  SsoProvidersQueries,
  BreakGlassService,
  BrowserBinding,
  SsoClients,
  SsoAnswers,
  SsoAttempts,
  SsoAccounts,
  SsoLogin,
];

const SCIM = [ScimErrorShape, ScimBounds, ScimRoles, ScimUsers, ScimUsersQueries, ScimGroups, ScimGroupsQueries];

/** Global: the platform's access guard asks it who calls. */
@Global()
@Module({
  imports: [MessagingModule],
  providers: [
    ...ACCESS,
    ...PASSWORDS,
    ...PEOPLE,
    ...SETTINGS,
    SessionsService,
    TenantsService,
    SuspensionService,
    Bootstrap,
    AuthFacade,
    ZoneOfTenant,
  ],
  exports: [
    Authenticator,
    AccessTokens,
    AuthFacade,
    ...PASSWORDS,
    ...PEOPLE,
    RetentionService,
    SessionsService,
    TenantsService,
    SuspensionService,
    Bootstrap,
  ],
})
export class AuthModule {}

@Module({
  imports: [AuthModule],
  controllers: [
    SessionsController,
    PasswordsController,
    MfaController,
    StepUpController,
    FactorResetController,
    PasskeysController,
    SsoController,
    SsoProvidersController,
    BreakGlassController,
    ProfileController,
    RegistrationController,
    UsersController,
    RolesController,
    FieldRightsController,
    RoleFieldRightsController,
    TeamsController,
    ServiceTokensController,
    SettingsController,
    TenantsController,
    AuthzController,
    HandoverController,
    ImpersonationController,
    ScimDiscoveryController,
    ScimUsersController,
    ScimGroupsController,
    ScimMappingController,
  ],
  providers: [
    LoginThrottle,
    ...CAPTCHA,
    Admission,
    LoginService,
    Entrance,
    SessionsQueries,
    ...MFA,
    ...PASSKEYS,
    ...SSO,
    ...AUTHZ,
    ...FIELDS,
    ...SCIM,
    HandoverService,
    ImpersonationService,
    SettingsService,
    TenantArchive,
    TenantExport,
    TenantTables,
    SignUp,
    RegistrationGuard,
    RolesQueries,
    TeamsQueries,
    ServiceTokensService,
    ServiceTokensQueries,
  ],
})
export class AuthApiModule {}

@Module({ imports: [AuthModule], providers: [AuthWorker, Resealing, RetentionWorker, TenantDeletion, TenantUpkeep] })
export class AuthWorkerModule {}
