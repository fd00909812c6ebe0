import { Conflict, Forbidden, Invalid, RuleBroken, Unauthenticated, Unavailable } from '@app/kernel';

/** Forged, used, late, of another browser or for another provider: what was wrong is nobody's business. */
export class SsoRefused extends Unauthenticated {
  constructor() {
    super('sso_refused', 'The answer of the identity provider is not valid (any more): begin again');
  }
}

export class SsoUnavailable extends Unavailable {
  constructor() {
    super('sso_unavailable', 'The identity provider does not answer as it must; try again later', {
      retryAfterSeconds: 30,
    });
  }
}

/** Told only to somebody who knows the right password. */
export class SsoRequired extends Forbidden {
  constructor() {
    super('sso_required', 'This tenant logs in through its identity provider: GET /api/v1/auth/sso?email=');
  }
}

export class SsoEmailUnverified extends Forbidden {
  constructor() {
    super('sso_email_unverified', 'The identity provider does not vouch for the e-mail address');
  }
}

export class SsoDomainRefused extends Forbidden {
  constructor() {
    super(
      'sso_domain_refused',
      'The e-mail address is of a domain that this identity provider does not speak for, or has not proven',
    );
  }
}

export class SsoNotProvisioned extends Forbidden {
  constructor() {
    super('sso_not_provisioned', 'Nobody here is known by this identity, and this provider makes no accounts');
  }
}

/** The address alone links nobody: its account may belong to somebody else. */
export class SsoAccountExists extends Conflict {
  constructor() {
    super('sso_account_exists', 'There is an account with this address: log in to it, and link the identity there');
  }
}

export class SsoIdentityTaken extends Conflict {
  constructor() {
    super('sso_identity_taken', 'This identity belongs to another account');
  }
}

export class DomainTaken extends Conflict {
  constructor() {
    super('sso_domain_taken', 'Another identity provider speaks for this domain', {
      errors: [{ pointer: '/domains', code: 'sso_domain_taken', message: 'has a domain that is taken' }],
    });
  }
}

/** Nothing in its DNS says that it is this tenant's: not yet, or not any more. */
export class DomainUnproven extends RuleBroken {
  constructor(recordName: string, recordValue: string) {
    super('sso_domain_unproven', `There is no TXT record ${recordName} with the value of this claim`, {
      recordName,
      recordValue,
    });
  }
}

/** It would let nobody in: a provider speaks only for the domains that it has proven. */
export class RequiredUnproven extends RuleBroken {
  constructor() {
    super(
      'sso_required_unproven',
      'An identity provider without a proven domain cannot be required: nobody could log in through it',
    );
  }
}

export class ProviderExists extends Conflict {
  constructor() {
    super('sso_provider_exists', 'There is a provider with this issuer and client already', {
      errors: [{ pointer: '/clientId', code: 'sso_provider_exists', message: 'is registered for this issuer already' }],
    });
  }
}

export class AddressRefused extends Invalid {
  constructor(pointer: '/issuer' | '/redirectUri') {
    super('sso_address_invalid', 'The address must be http or https, without user, query and fragment', {
      errors: [
        { pointer, code: 'sso_address_invalid', message: 'must be http or https, without user, query and fragment' },
      ],
    });
  }
}

export class PasswordMissing extends RuleBroken {
  constructor() {
    super('break_glass_needs_password', 'Who may come in without the identity provider needs a password');
  }
}
