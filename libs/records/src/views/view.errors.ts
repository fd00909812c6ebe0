import { type FieldFault, Forbidden, Invalid, RuleBroken } from '@app/kernel';
import { MOST_VIEWS, ViewPermissions } from './view.policy.js';

const faultAt = (pointer: string, code: string, message: string) => ({ errors: [{ pointer, code, message }] });

export class ViewedListUnknown extends RuleBroken {
  constructor(known: readonly string[]) {
    const message = `There is no such list to view; there are ${known.join(', ')}`;
    super('viewed_list_unknown', message, { known, ...faultAt('/resource', 'viewed_list_unknown', message) });
  }
}

export class ViewInvalid extends Invalid {
  constructor(errors: FieldFault[]) {
    super('invalid_view', 'The view is not valid', { errors });
  }
}

/** As a field that a list does not know: the query is at fault, whose view it may be elsewhere. */
export class ViewUnknown extends Invalid {
  constructor() {
    const message = 'There is no such view of this list';
    super('invalid_query', message, faultAt('query/view', 'unknown_view', message));
  }
}

export class ViewNotYours extends Forbidden {
  constructor() {
    const { name } = ViewPermissions.share;
    super('view_not_yours', `Views are shared, and those of others changed, with ${name}`, { permission: name });
  }
}

export class ViewTeamUnknown extends RuleBroken {
  constructor() {
    const message = 'A view of a team names one that you belong to; no other view names a team';
    super('view_team_unknown', message, faultAt('/teamId', 'view_team_unknown', message));
  }
}

export class TooManyViews extends RuleBroken {
  constructor() {
    super('too_many_views', `Nobody has more than ${MOST_VIEWS} views`);
  }
}
