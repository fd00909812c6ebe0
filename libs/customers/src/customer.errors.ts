import { Conflict, Forbidden, Invalid, Moved, NotFound, RuleBroken } from '@app/kernel';

/** `existingId` is named only to somebody who may read that record. */
export class EmailTaken extends Conflict {
  constructor(existingId?: string) {
    const message = 'Another customer has this e-mail address';
    super('email_taken', message, {
      errors: [{ pointer: '/email', code: 'email_taken', message }],
      ...(existingId && { existingId }),
    });
  }
}

export class CustomerInTrash extends Conflict {
  constructor(customerId: string) {
    super('customer_in_trash', 'The customer is in the trash: restore it first', { customerId });
  }
}

/** What was written under the id of a merged customer goes to the survivor; the record itself is not changed any more. */
export class CustomerMerged extends Conflict {
  constructor(customerId: string, mergedInto: string) {
    super('customer_merged', 'The customer was merged into another one', { customerId, mergedInto });
  }
}

export class CustomerMoved extends Moved {
  constructor(customerId: string, mergedInto: string) {
    const message = 'The customer was merged into another one, under whose id it is read';
    super('customer_merged', message, customerId, mergedInto, { mergedInto });
  }
}

export class MergedWithItself extends RuleBroken {
  constructor() {
    const message = 'A customer is not merged with itself';
    super('merged_with_itself', message, { errors: [{ pointer: '/loserId', code: 'merged_with_itself', message }] });
  }
}

export class MergeUndone extends Conflict {
  constructor(mergeId: string) {
    super('merge_undone', 'The merge was taken back already', { mergeId });
  }
}

export class CustomerNotInTrash extends Conflict {
  constructor(customerId: string) {
    super('customer_not_in_trash', 'Only what is in the trash can be restored or deleted for good', { customerId });
  }
}

/** Other records, such as inquiries, refer to the customer. */
export class CustomerInUse extends Conflict {
  constructor(customerId: string) {
    super('customer_in_use', 'Other records refer to this customer, which therefore cannot be deleted for good', {
      customerId,
    });
  }
}

export class PermissionMissing extends Forbidden {
  constructor(permission: string) {
    super('permission_missing', `This needs the permission ${permission}`, { permission });
  }
}

export class AssigneeUnavailable extends RuleBroken {
  constructor(userId: string) {
    const message = 'There is no active user with this id';
    const errors = [{ pointer: '/userId', code: 'assignee_unavailable', message }];
    super('assignee_unavailable', message, { userId, errors });
  }
}

export class TeamNotFound extends RuleBroken {
  constructor() {
    const message = 'There is no such team';
    super('team_not_found', message, { errors: [{ pointer: '/teamId', code: 'team_not_found', message }] });
  }
}

export class AlreadyReferred extends Conflict {
  constructor(referredBy: string) {
    super('already_referred', 'Somebody else brought this customer: take that back first', { referredBy });
  }
}

export class ReferralCycle extends RuleBroken {
  constructor() {
    const message = 'Nobody was brought by somebody whom they brought themselves';
    super('referral_cycle', message, { errors: [{ pointer: '/customerId', code: 'referral_cycle', message }] });
  }
}

/** Named are only those whom the caller may read. */
export class LikelyDuplicate extends Conflict {
  constructor(duplicates: readonly { customerId: string; score: number }[]) {
    super('likely_duplicate', 'This person is probably a customer already', { duplicates });
  }
}

export class ContactPointNotFound extends NotFound {
  constructor(id: string) {
    super('not_found', `There is no contact point ${id}`, { resource: 'contact point', id });
  }
}

export class ContactPointExists extends Conflict {
  constructor(address: string) {
    super('contact_point_exists', 'The customer has this contact point already', { address });
  }
}

export class TooManyContactPoints extends RuleBroken {
  constructor(most: number) {
    super('too_many_contact_points', `A customer has at most ${most} contact points`, { most });
  }
}

export class MetadataTooLarge extends Invalid {
  constructor(most: number) {
    const message = `must be at most ${most} bytes of JSON`;
    super('metadata_too_large', `metadata ${message}`, {
      errors: [{ pointer: '/metadata', code: 'metadata_too_large', message }],
    });
  }
}
