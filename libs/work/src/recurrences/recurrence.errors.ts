import { Conflict, Invalid, RuleBroken } from '@app/kernel';

export class RuleInvalid extends Invalid {
  constructor(why: string) {
    const message = `The recurrence rule is not valid: ${why}`;
    super('recurrence_rule_invalid', message, {
      errors: [{ pointer: '/recurrence/rule', code: 'recurrence_rule_invalid', message }],
    });
  }
}

export class RecurrenceNeedsDue extends RuleBroken {
  constructor() {
    super('recurrence_needs_due', 'Only a task that is due at some time comes again');
  }
}

export class NotRecurring extends Conflict {
  constructor() {
    super('not_recurring', 'The task does not come again');
  }
}

/** By completion the next one is not known before. */
export class NothingToSkip extends Conflict {
  constructor() {
    super('nothing_to_skip', 'No next occurrence is planned that could be skipped');
  }
}
