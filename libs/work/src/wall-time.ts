import { Temporal } from 'temporal-polyfill';

/** The last second of a day that is due as a whole. */
const END_OF_DAY = '23:59:59';

/**
 * When a zone's clocks show this date and time (`HH:MM:SS`; the end of the day without one). A time that the clocks skip
 * is later by the gap, one that they show twice is the first: RFC 5545, 3.3.5.
 */
export function instantAt(date: string, time: string | null, zone: string): Date {
  const plainTime = Temporal.PlainTime.from(time ?? END_OF_DAY);
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds);
}

/** What a zone's clocks show at an instant. */
export function wallTimeAt(instant: Date, zone: string): { date: string; time: string } {
  const shown = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone).toPlainDateTime();
  return {
    date: shown.toPlainDate().toString(),
    time: shown.toPlainTime().toString({ smallestUnit: 'second' }),
  };
}

export const dayAfter = (date: string, days = 1): string => Temporal.PlainDate.from(date).add({ days }).toString();

export const daysBetween = (from: string, to: string): number => Temporal.PlainDate.from(from).until(to).days;
