import { RuleBroken } from '@app/kernel';

export class ImpersonatesSelf extends RuleBroken {
  constructor() {
    super('impersonation_of_self', 'Whoever asks sees the system as themselves already');
  }
}

export class ImpersonatedInactive extends RuleBroken {
  constructor() {
    super('impersonation_of_inactive', 'This account is closed: nobody sees anything by it');
  }
}
