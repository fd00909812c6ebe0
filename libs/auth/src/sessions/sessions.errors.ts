import { Forbidden, Invalid, TooMany, Unauthenticated } from '@app/kernel';

/** One answer for an unknown name, a wrong password, a deactivated user and a suspended tenant. */
export class LoginRefused extends Unauthenticated {
  constructor() {
    super('login_refused', 'The name or the password is wrong');
  }
}

/** Told only to somebody who knows a right password. */
export class TenantRequired extends Invalid {
  constructor() {
    super('tenant_required', 'Several tenants know this name: say which one, in `tenant`', {
      errors: [{ pointer: '/tenant', code: 'tenant_required', message: 'is needed: several tenants know this name' }],
    });
  }
}

/** After several wrong passwords: wait. It says the same for names that do not exist. */
export class LoginDelayed extends TooMany {
  constructor(retryAfterSeconds: number) {
    super('login_delayed', `Too many failed logins: wait ${retryAfterSeconds} s`, { retryAfterSeconds });
  }
}

export class RefreshRefused extends Unauthenticated {
  constructor() {
    super('refresh_refused', 'The refresh token is not valid (any more): log in again');
  }
}

export class UsersOnly extends Forbidden {
  constructor() {
    super('users_only', 'This is for people who logged in, not for service tokens');
  }
}
