import { Conflict, RuleBroken, Unauthenticated } from '@app/kernel';

/** At a login: unknown, of another page, signed for another challenge, without a PIN or finger, or a copy. */
export class PasskeyRefused extends Unauthenticated {
  constructor() {
    super('passkey_refused', 'The passkey is not valid here: begin again');
  }
}

/** At a step-up: as `PasskeyRefused`, or of somebody else. No 401: the session is as good as before. */
export class PasskeyIsNoProof extends RuleBroken {
  constructor() {
    super('passkey_refused', 'The passkey proves nothing here: begin again');
  }
}

/** When it is added: nothing was begun in this session, it is too late, or it was made for another page or challenge. */
export class PasskeyNotAdded extends RuleBroken {
  constructor() {
    super('passkey_not_added', 'The answer of the device does not fit what was asked: begin again');
  }
}

export class PasskeyExists extends Conflict {
  constructor() {
    super('passkey_exists', 'This passkey is in use already');
  }
}

export class TooManyPasskeys extends RuleBroken {
  constructor(most: number) {
    super('passkeys_too_many', `Nobody has more than ${most} passkeys`, { most });
  }
}
