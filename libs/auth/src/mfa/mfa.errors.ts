import { Conflict, Invalid, NotFound } from '@app/kernel';

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
