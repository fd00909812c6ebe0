import { Invalid } from '@app/kernel';

export class BirthdayOutOfRange extends Invalid {
  constructor() {
    const message = 'must be a day from 1900-01-01 until today';
    super('birthday_out_of_range', `birthday ${message}`, {
      errors: [{ pointer: '/birthday', code: 'birthday_out_of_range', message }],
    });
  }
}

export class QuietHoursIncomplete extends Invalid {
  constructor(missing: 'start' | 'end') {
    const message = 'is missing: quiet hours have a start and an end';
    super('quiet_hours_incomplete', `quietHours.${missing} ${message}`, {
      errors: [{ pointer: `/quietHours/${missing}`, code: 'quiet_hours_incomplete', message }],
    });
  }
}

/** Whoever never wants to hear anything withdraws a consent instead. */
export class QuietHoursAllDay extends Invalid {
  constructor() {
    const message = 'must differ from start: hours that end where they begin are no hours, or all of them';
    super('quiet_hours_all_day', `quietHours.end ${message}`, {
      errors: [{ pointer: '/quietHours/end', code: 'quiet_hours_all_day', message }],
    });
  }
}
