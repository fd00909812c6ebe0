import { Conflict, Forbidden, Invalid, PreconditionRequired, RuleBroken } from '@app/kernel';
import type { StaleFact } from './fact-quotes.js';

/** Approve, send and schedule act on what the caller saw, not on whatever stands there now. */
export class RevisionRequired extends PreconditionRequired {
  constructor() {
    super('revision_required', 'State the revision that was seen, in the body or by If-Match');
  }
}

export class StaleRevision extends Conflict {
  constructor(seen: number, current: number) {
    super('stale_revision', `Revision ${seen} is no longer the current one: it is revision ${current}`, {
      seen,
      current,
    });
  }
}

export class UnderApproval extends Conflict {
  constructor(id: string) {
    super('under_approval', 'The text is frozen while it waits for approval: recall it first', {
      id,
      from: 'pending_approval',
    });
  }
}

export class RecallDenied extends Forbidden {
  constructor(id: string) {
    super('recall_denied', 'Only its author or whoever submitted it may recall a response', { id });
  }
}

export class NothingToCancel extends Conflict {
  constructor(id: string) {
    super('nothing_to_cancel', 'No sending is pending', { id });
  }
}

export class SendAtOutOfRange extends RuleBroken {
  constructor() {
    super('send_at_out_of_range', 'The time to send must lie in the future and within a year');
  }
}

/** What stands in the row is not what was approved: it was changed behind the back of its verbs. */
export class ContentChanged extends Conflict {
  constructor(id: string) {
    super('content_changed', 'The text is not the one that was approved', { id });
  }
}

export class CorrectsNothing extends RuleBroken {
  constructor(id: string) {
    super('corrects_nothing', 'Only a sent response of the same inquiry can be corrected', { id });
  }
}

/** A text quotes what nothing here tells of. */
export class FactsUnknown extends Invalid {
  constructor(names: readonly string[], known: readonly string[]) {
    const errors = names.map((name) => ({ pointer: '/message', code: 'unknown_fact', message: `quotes ${name}` }));
    super('unknown_fact', `There is no fact ${names.join(', ')}`, { names, known, errors });
  }
}

/** What is quoted does not exist at the moment, such as the deadline of an inquiry that has none. */
export class FactsMissing extends RuleBroken {
  constructor(names: readonly string[]) {
    super('fact_missing', `There is no ${names.join(', ')} at the moment`, { names });
  }
}

/** What is spam or in the trash is not answered. */
export class InquiryWithdrawn extends Conflict {
  constructor(id: string) {
    super('inquiry_withdrawn', 'The inquiry is spam or in the trash; restore it first', { id });
  }
}

/** The text would say what is not so any more: its approval is void, and it is submitted anew. Held first, then refused. */
export class FactsChanged extends Conflict {
  override readonly changesStand = true;

  constructor(id: string, facts: readonly StaleFact[]) {
    super('facts_changed', 'What the text quotes has changed since it was submitted', { id, facts });
  }
}
