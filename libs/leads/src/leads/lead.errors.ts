import { Conflict, Forbidden, type Permission, RuleBroken } from '@app/kernel';

const at = (pointer: string, code: string, message: string) => ({ errors: [{ pointer, code, message }] });

/** The record may be read by the caller, but this is not the caller's to do. */
export class OutOfReach extends Forbidden {
  constructor(permission: Permission) {
    super('out_of_reach', `The permission ${permission.name} does not reach this lead`, {
      permission: permission.name,
    });
  }
}

/** What became of a lead is not rewritten. */
export class LeadNotLive extends Conflict {
  constructor(id: string, state: string, duplicateOf: string | null) {
    super('lead_not_live', `A lead that is ${state} is not changed`, {
      id,
      state,
      ...(duplicateOf && { duplicateOf }),
    });
  }
}

/** Names what it became, so that whoever was slower goes on there. */
export class AlreadyConverted extends Conflict {
  constructor({ customerId, companyId, dealId }: Record<'customerId' | 'companyId' | 'dealId', string | null>) {
    super('already_converted', 'The lead was converted already', { customerId, companyId, dealId });
  }
}

export class OwnerUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no active user with this id';
    super('owner_unknown', message, at('/ownerId', 'owner_unknown', message));
  }
}

export class TeamUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no team with this id';
    super('team_unknown', message, at('/teamId', 'team_unknown', message));
  }
}
