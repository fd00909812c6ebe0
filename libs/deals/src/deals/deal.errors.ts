import { Conflict, Forbidden, type Permission, RuleBroken } from '@app/kernel';
import type { Unmet } from '../entry/stage-terms.js';

const unknown = (pointer: string, code: string, message: string) => ({ errors: [{ pointer, code, message }] });

/** The record may be read by the caller, but this is not the caller's to do. */
export class OutOfReach extends Forbidden {
  constructor(permission: Permission) {
    super('out_of_reach', `The permission ${permission.name} does not reach this deal`, {
      permission: permission.name,
    });
  }
}

/** What is over stays as it was when it ended. */
export class DealNotOpen extends Conflict {
  constructor(id: string, state: string) {
    super('deal_not_open', `A deal that is ${state} is not changed; reopen it first`, { id, state });
  }
}

/** Lines are of the deal's currency, and their sum is its amount. */
export class FollowsFromItems extends RuleBroken {
  constructor() {
    super('follows_from_items', 'Amount and currency of a deal follow from its lines; change those');
  }
}

/** Names all that is missing, so that one form can ask for all of them. */
export class StageDemands extends RuleBroken {
  constructor(stageId: string, unmet: Unmet[]) {
    const named = [...new Set(unmet.map(({ pointer }) => pointer.slice(1)))];
    super('stage_demands', `The stage demands ${named.join(', ')}`, { stageId, errors: unmet });
  }
}

/** Whose it is stays, unless somebody says so at the deal itself. */
export class DealOfAnotherCustomer extends Conflict {
  constructor(dealId: string) {
    const message = 'The deal is for another customer already';
    super('deal_of_another_customer', message, { dealId, ...unknown('/dealId', 'deal_of_another_customer', message) });
  }
}

export class CompanyUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no company with this id';
    super('company_unknown', message, unknown('/companyId', 'company_unknown', message));
  }
}

/** The card below which it was to go is not, or is no longer, in that column. */
export class CardNotThere extends RuleBroken {
  constructor() {
    const message = 'The deal to go below does not stand in that stage';
    super('card_not_there', message, unknown('/below', 'card_not_there', message));
  }
}

export class OwnerUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no active user with this id';
    super('owner_unknown', message, unknown('/ownerId', 'owner_unknown', message));
  }
}

export class TeamUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no team with this id';
    super('team_unknown', message, unknown('/teamId', 'team_unknown', message));
  }
}
