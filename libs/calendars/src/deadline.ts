import type { BusinessHours } from './business-time.js';

/**
 * A deadline's clock, in seconds of business time: the target, what was used up before `runningSince`, and since when
 * it runs. It is paused while `runningSince` is null.
 */
export type ClockReading = {
  readonly target: number;
  readonly usedSeconds: number;
  readonly runningSince: Date | null;
};

/**
 * What a recomputation did to the deadline. `now`: it is used up by the recomputation, due at this very instant, and
 * the breach is to be told. `before`: it had been breached already; the breach was told then, and its due date stands.
 */
export type Recomputed = { readonly reading: ClockReading; readonly breach: 'none' | 'now' | 'before' };

/** @throws RangeError when the target is not above 0 */
export function startClock(target: number, at: Date): ClockReading {
  return { target: checked(target), usedSeconds: 0, runningSince: at };
}

/** The business seconds used up by then. */
export function usedAt(reading: ClockReading, at: Date, hours: BusinessHours): number {
  if (!reading.runningSince) return reading.usedSeconds;
  return reading.usedSeconds + hours.businessSecondsBetween(reading.runningSince, at);
}

/** From the due instant on, also while paused. */
export function isBreached(reading: ClockReading, at: Date, hours: BusinessHours): boolean {
  return isUsedUp(reading.target, usedAt(reading, at, hours));
}

/** When the target will be used up: null while paused, and `runningSince` when it was used up before that. */
export function dueAt(reading: ClockReading, hours: BusinessHours): Date | null {
  return warnAt(reading, hours, 1);
}

/** When this share of the target will be used up: 0.8 to warn, 2 to escalate further. Null while paused. */
export function warnAt(reading: ClockReading, hours: BusinessHours, fraction = 0.8): Date | null {
  if (!reading.runningSince) return null;
  const left = milliseconds(reading.target * fraction) - milliseconds(reading.usedSeconds);
  return left > 0 ? hours.addBusinessTime(reading.runningSince, left / 1000) : reading.runningSince;
}

/** A clock that is paused already stays as it is. */
export function pause(reading: ClockReading, at: Date, hours: BusinessHours): ClockReading {
  return { ...reading, usedSeconds: usedAt(reading, at, hours), runningSince: null };
}

/** A clock that runs already stays as it is. */
export function resume(reading: ClockReading, at: Date): ClockReading {
  return { ...reading, runningSince: reading.runningSince ?? at };
}

/** Another target, as when the priority is raised: what was used up stays used up. `hours` are those it ran under. */
export function retarget(reading: ClockReading, target: number, at: Date, hours: BusinessHours): Recomputed {
  return judge({ ...settle(reading, at, hours), target: checked(target) }, isBreached(reading, at, hours));
}

/**
 * Counts the running stretch as used up, under the hours it ran under. Do it before other hours take over: what is past
 * stays as it was counted, and `dueAt` with the new hours gives the rest.
 */
export function settle(reading: ClockReading, at: Date, hours: BusinessHours): ClockReading {
  const { runningSince } = reading;
  if (!runningSince) return reading;
  return { ...reading, usedSeconds: usedAt(reading, at, hours), runningSince: at > runningSince ? at : runningSince };
}

/**
 * Hours that were wrong, as when a holiday is added after the fact: the stretch that runs is counted anew under the
 * corrected hours. Stretches that a pause has ended stay as they were counted.
 */
export function correct(reading: ClockReading, at: Date, wrong: BusinessHours, corrected: BusinessHours): Recomputed {
  return judge(settle(reading, at, corrected), isBreached(reading, at, wrong));
}

function judge(reading: ClockReading, wasBreached: boolean): Recomputed {
  if (!isUsedUp(reading.target, reading.usedSeconds)) return { reading, breach: 'none' };
  return { reading, breach: wasBreached ? 'before' : 'now' };
}

const isUsedUp = (target: number, used: number): boolean => milliseconds(used) >= milliseconds(target);

// Sums of fractional seconds drift in floating point; whole milliseconds do not.
const milliseconds = (seconds: number): number => Math.round(seconds * 1000);

function checked(target: number): number {
  if (!(target > 0)) throw new RangeError(`A deadline's target is above 0 seconds, not ${target}`);
  return target;
}
