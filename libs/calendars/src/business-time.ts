import { BusinessTimeOutOfReach, NeverOpens } from './business-time.errors.js';
import { type BusinessHoursSpec, OpeningHours, WEEKDAYS } from './opening-hours.js';
import { DAY, WallClock } from './wall-clock.js';

const YEAR = 365.25 * DAY;
const YEARS_CLOSED = 10;
const YEARS_OF_REACH = 100;

type Period = { readonly from: number; readonly to: number };

/**
 * When a team works: weekly hours and holidays on the wall clock of one zone. Exact to the millisecond.
 *
 * A period lasts as long as really passes between its two wall times: 00:00 to 24:00 has 23 hours in the night the
 * clock goes forward and 25 in the night it goes back. WallClock says what a skipped or repeated wall time stands for;
 * a period that lies wholly in a gap does not happen.
 */
export class BusinessHours {
  readonly #clock: WallClock;
  readonly #hours: OpeningHours;

  private constructor(readonly spec: BusinessHoursSpec) {
    this.#hours = OpeningHours.of(spec);
    this.#clock = new WallClock(spec.zone);
  }

  /** @throws BusinessHoursInvalid with every fault and its pointer into the spec */
  static of(spec: BusinessHoursSpec): BusinessHours {
    return new BusinessHours(structuredClone(spec));
  }

  static alwaysOpen(zone: string): BusinessHours {
    const allDay = [{ opens: '00:00', closes: '24:00' }];
    return BusinessHours.of({ zone, week: Object.fromEntries(WEEKDAYS.map((day) => [day, allDay])) });
  }

  get zone(): string {
    return this.spec.zone;
  }

  /** Open at the instant of opening, closed at the instant of closing. */
  isOpen(at: Date): boolean {
    const instant = millisecondsOf(at);
    const { value } = this.#periodsBetween(instant, instant + 1).next();
    return value !== undefined;
  }

  /**
   * The instant itself when open, else the start of the next period.
   * @throws NeverOpens when that is more than 10 years away
   */
  nextOpening(at: Date): Date {
    return this.addBusinessTime(at, 0);
  }

  /**
   * The instant at which that many seconds of business time have passed. Time that is used up exactly at closing ends
   * at that closing, not at the next opening; 0 seconds from a closed instant end at the next opening.
   * @throws NeverOpens when the calendar stays closed for 10 years
   * @throws BusinessTimeOutOfReach when the time does not fit into 100 years
   */
  addBusinessTime(start: Date, seconds: number): Date {
    if (!(seconds >= 0)) throw new RangeError(`Business time is added in seconds from 0, not ${seconds}`);
    const begin = millisecondsOf(start);
    let left = Math.round(seconds * 1000);
    let closed = begin;
    for (const { from, to } of this.#periodsBetween(begin, begin + YEARS_OF_REACH * YEAR)) {
      if (from - closed > YEARS_CLOSED * YEAR) break;
      if (left <= to - from) return new Date(from + left);
      left -= to - from;
      closed = to;
    }
    if (closed > begin + (YEARS_OF_REACH - YEARS_CLOSED) * YEAR) {
      throw new BusinessTimeOutOfReach(this.zone, start, YEARS_OF_REACH);
    }
    throw new NeverOpens(this.zone, new Date(closed), YEARS_CLOSED);
  }

  /**
   * The business time that passes from `start` to `end`; 0 when `end` is not after `start`.
   * @throws BusinessTimeOutOfReach when they are more than 100 years apart
   */
  businessSecondsBetween(start: Date, end: Date): number {
    const [from, until] = [millisecondsOf(start), millisecondsOf(end)];
    if (until - from > YEARS_OF_REACH * YEAR) throw new BusinessTimeOutOfReach(this.zone, start, YEARS_OF_REACH);
    let open = 0;
    for (const period of this.#periodsBetween(from, until)) open += period.to - period.from;
    return open / 1000;
  }

  /** The open periods in order, cut to what lies between the two instants. */
  *#periodsBetween(start: number, end: number): Generator<Period, undefined> {
    if (end <= start) return;
    // A clock that goes back over midnight shows the day before once more, when the next day has already begun.
    const last = this.#clock.dayAt(end) + 1;
    for (let day = this.#clock.dayAt(start); day <= last; day += 1) {
      for (const period of this.#periodsOn(day)) {
        const [from, to] = [Math.max(period.from, start), Math.min(period.to, end)];
        if (from < to) yield { from, to };
      }
    }
  }

  #periodsOn(day: number): Period[] {
    const spans = this.#hours.on(day);
    if (spans.length === 0) return [];
    const instantAt = this.#clock.on(day);
    return spans.map(({ opens, closes }) => ({ from: instantAt(opens), to: instantAt(closes) }));
  }
}

function millisecondsOf(instant: Date): number {
  const milliseconds = instant.getTime();
  if (Number.isNaN(milliseconds)) throw new RangeError('Business time needs a valid date');
  return milliseconds;
}
