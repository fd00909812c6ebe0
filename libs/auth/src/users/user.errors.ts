import { Conflict, RuleBroken } from '@app/kernel';

export class EmailTaken extends Conflict {
  constructor() {
    super('email_taken', 'Somebody of this tenant has this address', {
      errors: [{ pointer: '/email', code: 'email_taken', message: 'is taken' }],
    });
  }
}

export class UsernameTaken extends Conflict {
  constructor() {
    super('username_taken', 'Somebody of this tenant has this username', {
      errors: [{ pointer: '/username', code: 'username_taken', message: 'is taken' }],
    });
  }
}

/** A required identity provider that is out of order would lock everybody out. */
export class NoBreakGlass extends RuleBroken {
  constructor() {
    super(
      'break_glass_missing',
      'While an identity provider is required, an administrator with a password must be able to come in without it',
    );
  }
}

/** What was asked would leave a tenant that nobody can administer. */
export class LastAdministrator extends RuleBroken {
  constructor() {
    super('last_administrator', 'This would leave nobody who may administer users and roles');
  }
}
