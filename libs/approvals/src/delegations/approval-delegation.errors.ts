import { Conflict, Invalid, RuleBroken } from '@app/kernel';

export class DelegationToSelf extends RuleBroken {
  constructor() {
    super('delegation_to_self', 'Nobody stands in for themselves');
  }
}

export class DelegationWithoutTime extends Invalid {
  constructor() {
    const errors = [{ pointer: '/until', code: 'invalid_value', message: 'must be after from, and still to come' }];
    super('delegation_without_time', 'The delegation would never hold', { errors });
  }
}

export class DelegationOverlaps extends Conflict {
  constructor(userId: string) {
    super('delegation_overlaps', 'At that time somebody else stands in already', { userId });
  }
}

export class DelegationOver extends Conflict {
  constructor(id: string) {
    super('delegation_over', 'This delegation is over', { id });
  }
}
