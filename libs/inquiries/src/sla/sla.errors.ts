import { Conflict, RuleBroken } from '@app/kernel';

/** There is always one policy left for whoever no other is for. */
export class DefaultPolicyIsForAll extends RuleBroken {
  constructor() {
    super('default_policy_is_for_all', 'The default policy is for all inquiries: it is neither narrowed nor removed');
  }
}

/** Each step comes later than the one before it. */
export class EscalationNotAscending extends RuleBroken {
  constructor(step: number) {
    const message = 'Each step comes after a greater share than the one before it';
    super('escalation_not_ascending', message, {
      errors: [{ pointer: `/escalation/${step}/after`, code: 'escalation_not_ascending', message }],
    });
  }
}

export class PolicyNameTaken extends Conflict {
  constructor(name: string) {
    super('policy_name_taken', `There is a policy called ${name} already`);
  }
}

export class CalendarUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no business calendar with this id';
    super('calendar_unknown', message, { errors: [{ pointer: '/calendarId', code: 'calendar_unknown', message }] });
  }
}
