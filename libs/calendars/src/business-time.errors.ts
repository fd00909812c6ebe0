import { type FieldFault, Invalid, RuleBroken } from '@app/kernel';

export class BusinessHoursInvalid extends Invalid {
  constructor(errors: FieldFault[]) {
    super('business_hours_invalid', 'These business hours cannot be kept', { errors });
  }
}

export class NeverOpens extends RuleBroken {
  constructor(zone: string, after: Date, years: number) {
    super('calendar_never_opens', `The calendar does not open within ${years} years`, { zone, after, years });
  }
}

export class BusinessTimeOutOfReach extends RuleBroken {
  constructor(zone: string, start: Date, years: number) {
    super('business_time_out_of_reach', `The business time does not fit into ${years} years`, { zone, start, years });
  }
}
