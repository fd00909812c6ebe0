import { IANAZone } from 'luxon';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/**
 * A zone's clock on the wall. A local day is the number of days since 1970-01-01; an instant is in epoch milliseconds.
 *
 * A wall time stands for the first instant at which the clock shows it or a later one. So a time that a change skips
 * is the end of the gap, a time that is shown twice is its first showing (as in RFC 5545, 3.3.5), and a later wall
 * time is never an earlier instant, whatever the zone does.
 */
export class WallClock {
  readonly #zone: IANAZone;

  constructor(zone: string) {
    this.#zone = IANAZone.create(zone);
  }

  dayAt(instant: number): number {
    return Math.floor((instant + this.#offset(instant)) / DAY);
  }

  /** Reads the day's wall times: minutes after 00:00, up to 1440 for 24:00. */
  on(day: number): (minute: number) => number {
    const midnight = day * DAY;
    // No zone is a whole day away from UTC, so the local day lies between these two instants.
    const before = this.#offset(midnight - DAY);
    const after = this.#offset(midnight + 2 * DAY);
    if (before === after) return (minute) => midnight + minute * MINUTE - before;
    return (minute) => this.#firstShowing(midnight + minute * MINUTE, before, after);
  }

  #firstShowing(wall: number, before: number, after: number): number {
    const early = wall - before;
    if (this.#offset(early) === before) return early;
    const late = wall - after;
    return this.#offset(late) === after ? late : this.#changeBetween(late, early, after);
  }

  #changeBetween(from: number, to: number, after: number): number {
    let [old, changed] = [from, to];
    while (changed - old > 1) {
      const middle = Math.floor((old + changed) / 2);
      if (this.#offset(middle) === after) changed = middle;
      else old = middle;
    }
    return changed;
  }

  #offset(instant: number): number {
    return Math.round(this.#zone.offset(instant) * MINUTE);
  }
}
