import { type FieldFault, isZone } from '@app/kernel';
import { DateTime } from 'luxon';
import { BusinessHoursInvalid } from './business-time.errors.js';
import { DAY } from './wall-clock.js';

/** ISO 8601: Monday is 1, Sunday is 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
export const WEEKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/** Half-open, on the wall clock, `HH:MM`; `24:00` is the day's end. Hours over midnight are two intervals. */
export type OpenInterval = { readonly opens: string; readonly closes: string };

/** A date on which the week's hours do not count: closed, unless it has hours of its own. */
export type Holiday = { readonly date: string; readonly hours?: readonly OpenInterval[] };

export type BusinessHoursSpec = {
  readonly zone: string;
  readonly week: { readonly [D in Weekday]?: readonly OpenInterval[] };
  readonly holidays?: readonly Holiday[];
};

/** Monday to Friday, 9 to 17: what counts until somebody says otherwise. */
export const daysFromNineToFive: BusinessHoursSpec['week'] = Object.fromEntries(
  WEEKDAYS.slice(0, 5).map((day) => [day, [{ opens: '09:00', closes: '17:00' }]]),
);

/** In minutes after 00:00. */
export type Span = { readonly opens: number; readonly closes: number };

const TIME = /^(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** When the doors open, by local day (days since 1970-01-01). */
export class OpeningHours {
  private constructor(
    private readonly week: ReadonlyMap<number, readonly Span[]>,
    private readonly holidays: ReadonlyMap<number, readonly Span[]>,
  ) {}

  /** @throws BusinessHoursInvalid with every fault, its pointer starting at the spec */
  static of(spec: BusinessHoursSpec): OpeningHours {
    const faults = [...zoneFaults(spec), ...weekFaults(spec), ...holidayFaults(spec)];
    if (faults.length > 0) throw new BusinessHoursInvalid(faults);
    return new OpeningHours(
      new Map(WEEKDAYS.map((day) => [day, spansOf(spec.week[day])])),
      new Map((spec.holidays ?? []).map((holiday) => [dayOf(holiday.date), spansOf(holiday.hours)])),
    );
  }

  on(day: number): readonly Span[] {
    return this.holidays.get(day) ?? this.week.get(weekdayOf(day)) ?? [];
  }
}

function zoneFaults({ zone }: BusinessHoursSpec): FieldFault[] {
  return isZone(zone) ? [] : [fault('/zone', 'zone_unknown', 'is not a zone of the IANA database')];
}

function weekFaults({ week, holidays = [] }: BusinessHoursSpec): FieldFault[] {
  const entries = Object.entries<readonly OpenInterval[]>(week);
  const known = new Set(WEEKDAYS.map(String));
  const faults = entries.flatMap(([day, hours]) =>
    known.has(day)
      ? hoursFaults(`/week/${day}`, hours)
      : [fault(`/week/${day}`, 'weekday_unknown', 'is not a weekday from 1 (Monday) to 7 (Sunday)')],
  );
  const opens = [...entries.map(([, hours]) => hours), ...holidays.map(({ hours }) => hours ?? [])];
  if (opens.every((hours) => hours.length === 0)) faults.push(fault('/week', 'hours_missing', 'opens on no day'));
  return faults;
}

function holidayFaults({ holidays = [] }: BusinessHoursSpec): FieldFault[] {
  const seen = new Set<string>();
  return holidays.flatMap(({ date, hours = [] }, index) => {
    const pointer = `/holidays/${index}`;
    const faults = hoursFaults(`${pointer}/hours`, hours);
    if (!isDate(date)) faults.unshift(fault(`${pointer}/date`, 'date_invalid', 'is not a date as YYYY-MM-DD'));
    else if (seen.has(date)) faults.unshift(fault(`${pointer}/date`, 'date_repeated', 'stands in the list twice'));
    seen.add(date);
    return faults;
  });
}

function hoursFaults(pointer: string, hours: readonly OpenInterval[]): FieldFault[] {
  let previous: Span | undefined;
  return hours.flatMap((interval, index) => {
    const at = `${pointer}/${index}`;
    const malformed = (['opens', 'closes'] as const).filter((end) => !TIME.test(interval[end]));
    if (malformed.length > 0) {
      return malformed.map((end) => fault(`${at}/${end}`, 'time_invalid', 'is not a time from 00:00 to 24:00'));
    }
    const span = spanOf(interval);
    if (span.closes <= span.opens) {
      return [
        fault(`${at}/closes`, 'interval_empty', 'is not after the opening; hours over midnight are two intervals'),
      ];
    }
    const faults = previous ? orderFaults(at, previous, span) : [];
    previous = span;
    return faults;
  });
}

function orderFaults(pointer: string, previous: Span, span: Span): FieldFault[] {
  if (span.opens >= previous.closes) return [];
  return span.closes <= previous.opens
    ? [fault(`${pointer}/opens`, 'intervals_unsorted', 'belongs before the interval above it')]
    : [fault(`${pointer}/opens`, 'intervals_overlap', 'is within the interval above it')];
}

const fault = (pointer: string, code: string, message: string): FieldFault => ({ pointer, code, message });

const spansOf = (hours: readonly OpenInterval[] = []): Span[] => hours.map(spanOf);

const spanOf = ({ opens, closes }: OpenInterval): Span => ({ opens: minuteOf(opens), closes: minuteOf(closes) });

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const isDate = (date: string): boolean => DATE.test(date) && DateTime.fromISO(date, { zone: 'utc' }).isValid;

const dayOf = (date: string): number => DateTime.fromISO(date, { zone: 'utc' }).toMillis() / DAY;

/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;
