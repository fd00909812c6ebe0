import { DateTime } from 'luxon';
import type { CalendarDocument } from './business-calendars/business-calendar.entity.js';
import { BusinessHours } from './business-time.js';
import type { BusinessHoursSpec, OpenInterval, Weekday } from './opening-hours.js';

/** `daily('09:00-12:00 13:30-17:00', 1, 2)`: the same hours on these weekdays, or on all. */
export function daily(hours: string, ...days: Weekday[]): BusinessHoursSpec['week'] {
  const weekdays = days.length > 0 ? days : ([1, 2, 3, 4, 5, 6, 7] as const);
  return Object.fromEntries(weekdays.map((day) => [day, intervals(hours)]));
}

export function intervals(hours: string): OpenInterval[] {
  return hours.split(' ').map((interval) => {
    const [opens = '', closes = ''] = interval.split('-');
    return { opens, closes };
  });
}

/** Monday to Friday, 9 to 17, in Berlin. */
export function someHours(spec: Partial<BusinessHoursSpec> = {}): BusinessHours {
  return BusinessHours.of({ zone: 'Europe/Berlin', week: daily('09:00-17:00', 1, 2, 3, 4, 5), ...spec });
}

/** A wall time as an instant: `local('2026-10-02T16:30')`. */
export function local(wall: string, zone = 'Europe/Berlin'): Date {
  return DateTime.fromISO(wall, { zone }).toJSDate();
}

/** As somebody writes it down: Monday to Friday, 9 to 17, in Berlin. */
export function aCalendar(document: Partial<CalendarDocument> = {}): CalendarDocument {
  return { name: 'Support', ...someHours().spec, ...document };
}
