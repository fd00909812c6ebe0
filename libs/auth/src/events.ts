import { defineEvent } from '@app/kernel';

type OfUser = { userId: string };

export const TenantCreated = defineEvent<{ tenantId: string; slug: string; zone: string }>(
  'tenants.created',
  'A tenant exists, with its seeded roles.',
);
export const TenantSuspended = defineEvent<{ tenantId: string }>(
  'tenants.suspended',
  'The tenant is read and exported from now on, and nothing in it changes.',
);
export const TenantLocked = defineEvent<{ tenantId: string }>(
  'tenants.locked',
  'Nobody of the tenant may come in any more.',
);
export const TenantClosing = defineEvent<{ tenantId: string; deleteAt: string }>(
  'tenants.closing',
  'The tenant is read and not changed, and is deleted for good at that time unless it is kept.',
);
export const TenantActivated = defineEvent<{ tenantId: string }>(
  'tenants.activated',
  'A suspended or locked tenant may work again.',
);

export const UserCreated = defineEvent<OfUser>('users.created', 'A person has an account.');
export const UserUpdated = defineEvent<OfUser>('users.updated', "A person's name, address or settings have changed.");
export const UserDeactivated = defineEvent<OfUser>(
  'users.deactivated',
  'A person may not come in any more; what is theirs waits for others.',
);
export const UserActivated = defineEvent<OfUser>('users.activated', 'A deactivated person may come in again.');
export const UserHandedOver = defineEvent<OfUser & { to: string; counts: Record<string, number> }>(
  'users.handed-over',
  "What was a person's is a colleague's now: `counts` says how much of each kind.",
);
export const UserRolesChanged = defineEvent<OfUser>('users.roles-changed', 'A person may do other things than before.');
export const UserPasswordChanged = defineEvent<OfUser>('users.password-changed', 'A person has a new password.');

export const SecondFactorAdded = defineEvent<OfUser>(
  'users.second-factor-added',
  'A login of this person needs a code.',
);
export const SecondFactorRemoved = defineEvent<OfUser>(
  'users.second-factor-removed',
  'A login of this person needs no code any more.',
);

export const SsoProviderChanged = defineEvent<{ providerId: string }>(
  'sso-providers.changed',
  'An identity provider of the tenant was set up, or is used otherwise than before.',
);

export const RoleChanged = defineEvent<{ roleId: string }>(
  'roles.changed',
  'Whoever has this role may do other things than before.',
);
export const TeamChanged = defineEvent<{ teamId: string }>('teams.changed', "A team's name or members have changed.");
export const TeamMoved = defineEvent<{ teamId: string; from: string | null; to: string | null }>(
  'teams.moved',
  'A team stands below another one than before: whoever leads above it reaches more or less.',
);
export const TeamDeleted = defineEvent<{ teamId: string }>('teams.deleted', 'A team is gone.');

export const SessionStarted = defineEvent<OfUser & { sessionId: string; isNewDevice: boolean }>(
  'sessions.started',
  'A person logged in.',
);
/** `because`: logged_out, logged_out_everywhere, ended_by_user, password_changed, factor_added, factor_reset, deactivated, suspended, token_reused. */
export const SessionsRevoked = defineEvent<OfUser & { sessionIds: string[]; because: string }>(
  'sessions.revoked',
  'Sessions ended before their time: their tokens are dead, their sockets close.',
);

export const ServiceTokenRevoked = defineEvent<{ tokenId: string }>(
  'service-tokens.revoked',
  'A service token is dead.',
);
export const PasswordResetRequested = defineEvent<OfUser & { resetId: string }>(
  'password.reset-requested',
  'A mail with a reset code is on its way.',
);
