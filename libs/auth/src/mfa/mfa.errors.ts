import { Conflict, Invalid, NotFound, RuleBroken, Unauthenticated } from '@app/kernel';

export class FactorExists extends Conflict {
  constructor() {
    super('mfa_already_enrolled', 'There is a second factor already: remove it first');
  }
}

export class NoFactorBegun extends NotFound {
  constructor() {
    super('mfa_not_enrolled', 'There is no second factor');
  }
}

/** Wrong, of another time, or used before: the three are not told apart. */
export class CodeRefused extends Invalid {
  constructor(pointer: '/code' | '/recoveryCode' = '/code') {
    super('mfa_code_refused', 'The code is not valid (any more)', {
      errors: [{ pointer, code: 'mfa_code_refused', message: 'is not valid (any more)' }],
    });
  }
}

/** The password alone is what a second factor is for. */
export class CodeNeeded extends RuleBroken {
  constructor() {
    super('mfa_code_needed', 'Somebody with a second factor shows a code of it, or a recovery code');
  }
}

/** Whoever resets a factor is somebody else than its owner. */
export class OwnFactorReset extends RuleBroken {
  constructor() {
    super('mfa_own_reset', 'My own second factor I remove with a code of it, or somebody else resets it');
  }
}

/** Unknown, used, expired, or tried too often: it begins with the password again. */
export class ChallengeOver extends Unauthenticated {
  constructor() {
    super('mfa_challenge_over', 'The login is not waiting for a code (any more): log in again');
  }
}

/** At a login: the password was right, the code is not. */
export class FactorRefused extends Unauthenticated {
  constructor() {
    super('mfa_code_refused', 'The code is not valid (any more)');
  }
}
