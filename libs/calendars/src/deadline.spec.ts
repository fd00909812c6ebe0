import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correct, dueAt, isBreached, pause, resume, retarget, settle, startClock, usedAt, warnAt } from './deadline.js';
import { daily, local, someHours } from './testing.js';

const HOUR = 3600;
const office = someHours();
const monday = (time: string): Date => local(`2026-10-05T${time}`);

describe('A deadline', () => {
  it('is due when its target of business time has passed', () => {
    expect(dueAt(startClock(HOUR, local('2026-10-02T16:30')), office)).toEqual(monday('09:30'));
  });

  it('runs from the next opening when it starts on a closed day', () => {
    expect(dueAt(startClock(2 * HOUR, local('2026-10-03T14:00')), office)).toEqual(monday('11:00'));
  });

  it('warns when four fifths of the target have passed', () => {
    const clock = startClock(10 * HOUR, monday('09:00'));
    expect(warnAt(clock, office)).toEqual(monday('17:00'));
    expect(warnAt(clock, office, 2)).toEqual(local('2026-10-07T13:00'));
  });

  it('warns at once when the share was used up before the clock ran again', () => {
    const clock = { target: 10 * HOUR, usedSeconds: 9 * HOUR, runningSince: monday('10:00') };
    expect(warnAt(clock, office)).toEqual(monday('10:00'));
    expect(dueAt(clock, office)).toEqual(monday('11:00'));
  });

  it('is breached from its due instant on', () => {
    const clock = startClock(HOUR, monday('09:00'));
    expect(isBreached(clock, monday('09:59:59.999'), office)).toBe(false);
    expect(isBreached(clock, monday('10:00'), office)).toBe(true);
  });

  it('is not used up by closed hours', () => {
    expect(usedAt(startClock(8 * HOUR, local('2026-10-02T16:00')), monday('08:00'), office)).toBe(HOUR);
  });

  it.each([0, -HOUR, Number.NaN])('refuses a target of %d seconds', (target) => {
    expect(() => startClock(target, monday('09:00'))).toThrow(RangeError);
    expect(() => retarget(startClock(HOUR, monday('09:00')), target, monday('09:30'), office)).toThrow(RangeError);
  });
});

describe('A paused deadline', () => {
  it('moves by the business hours of the pause', () => {
    const clock = startClock(4 * HOUR, monday('09:00'));
    const paused = pause(clock, monday('10:00'), office);
    expect(dueAt(paused, office)).toBeNull();
    expect(warnAt(paused, office)).toBeNull();
    expect(dueAt(clock, office)).toEqual(monday('13:00'));
    expect(dueAt(resume(paused, monday('12:00')), office)).toEqual(monday('15:00'));
  });

  it('moves by the business hours alone when the pause lasts over a weekend', () => {
    const paused = pause(startClock(4 * HOUR, local('2026-10-02T14:00')), local('2026-10-02T16:00'), office);
    expect(dueAt(resume(paused, monday('10:00')), office)).toEqual(monday('12:00'));
  });

  it('stays paused since its first pause', () => {
    const paused = pause(startClock(4 * HOUR, monday('09:00')), monday('10:00'), office);
    expect(pause(paused, monday('12:00'), office)).toEqual(paused);
  });

  it('runs on from its first resumption', () => {
    const clock = startClock(4 * HOUR, monday('09:00'));
    expect(resume(clock, monday('12:00'))).toEqual(clock);
  });

  it('is due at its resumption when it was used up before', () => {
    const paused = pause(startClock(HOUR, monday('09:00')), monday('11:00'), office);
    expect(paused.usedSeconds).toBe(2 * HOUR);
    expect(dueAt(resume(paused, monday('12:00')), office)).toEqual(monday('12:00'));
  });

  it('moves by as much business time as the pause took, whenever that was', () => {
    const minutes = fc.integer({ min: 0, max: 20_000 });
    fc.assert(
      fc.property(
        minutes,
        minutes,
        minutes,
        fc.integer({ min: 1, max: 400_000 }),
        (wait, before, pausedFor, target) => {
          const later = (from: Date, by: number): Date => new Date(from.getTime() + by * 60_000);
          const clock = startClock(target, later(monday('00:00'), wait));
          const [from, to] = [later(monday('00:00'), wait + before), later(monday('00:00'), wait + before + pausedFor)];
          fc.pre(!isBreached(clock, from, office));
          const moved = dueAt(resume(pause(clock, from, office), to), office)!;
          const expected = office.businessSecondsBetween(from, to);
          expect(office.businessSecondsBetween(dueAt(clock, office)!, moved)).toBe(expected);
        },
      ),
    );
  });
});

describe('A deadline with another target', () => {
  const halfway = startClock(8 * HOUR, monday('09:00'));

  it('is due after the new target less the used time', () => {
    const { reading, breach } = retarget(halfway, 6 * HOUR, monday('13:00'), office);
    expect(breach).toBe('none');
    expect(dueAt(reading, office)).toEqual(monday('15:00'));
  });

  it('is due now and breached now when the new target is used up already', () => {
    const { reading, breach } = retarget(halfway, 2 * HOUR, monday('13:00'), office);
    expect(breach).toBe('now');
    expect(dueAt(reading, office)).toEqual(monday('13:00'));
  });

  it('is breached now when the used time is exactly the new target', () => {
    expect(retarget(halfway, 4 * HOUR, monday('13:00'), office).breach).toBe('now');
  });

  it('tells no second breach when it was breached before', () => {
    const late = startClock(HOUR, monday('09:00'));
    expect(retarget(late, HOUR / 2, monday('13:00'), office).breach).toBe('before');
  });

  it('is due again when the new target reaches beyond the breach', () => {
    const { reading, breach } = retarget(startClock(HOUR, monday('09:00')), 5 * HOUR, monday('13:00'), office);
    expect(breach).toBe('none');
    expect(dueAt(reading, office)).toEqual(monday('14:00'));
  });

  it('stays paused when it was', () => {
    const paused = pause(halfway, monday('13:00'), office);
    const { reading, breach } = retarget(paused, 2 * HOUR, monday('16:00'), office);
    expect(reading).toEqual({ target: 2 * HOUR, usedSeconds: 4 * HOUR, runningSince: null });
    expect(breach).toBe('now');
  });

  it('is never due in the past without a breach', () => {
    const minutes = fc.integer({ min: 0, max: 20_000 });
    const targets = fc.integer({ min: 1, max: 400_000 });
    fc.assert(
      fc.property(minutes, targets, targets, (passed, target, other) => {
        const at = new Date(monday('09:00').getTime() + passed * 60_000);
        const { reading, breach } = retarget(startClock(target, monday('09:00')), other, at, office);
        const due = dueAt(reading, office)!.getTime();
        expect(due).toBeGreaterThanOrEqual(at.getTime());
        expect(breach === 'none').toBe(due > at.getTime());
        expect(isBreached(reading, at, office)).toBe(breach !== 'none');
      }),
    );
  });
});

describe('A deadline under other hours', () => {
  const clock = startClock(8 * HOUR, local('2026-10-02T13:00'));
  const withHoliday = someHours({ holidays: [{ date: '2026-10-05' }] });

  it('keeps what the old hours counted, and takes the rest from the new ones', () => {
    const mornings = someHours({ week: daily('09:00-11:00', 1, 2, 3, 4, 5) });
    const settled = settle(clock, monday('10:00'), office);
    expect(settled.usedSeconds).toBe(5 * HOUR);
    expect(dueAt(settled, mornings)).toEqual(local('2026-10-06T11:00'));
  });

  it('is not set back by a settlement before it began to run', () => {
    expect(settle(clock, local('2026-10-01T10:00'), office)).toEqual(clock);
  });

  it('keeps its due instant when it is settled on the way', () => {
    expect(dueAt(settle(clock, monday('10:00'), office), office)).toEqual(dueAt(clock, office));
  });

  it('gains the day back when a holiday is added after the fact', () => {
    const { reading, breach } = correct(clock, monday('12:00'), office, withHoliday);
    expect(breach).toBe('none');
    expect(dueAt(clock, office)).toEqual(monday('13:00'));
    expect(dueAt(reading, withHoliday)).toEqual(local('2026-10-06T13:00'));
  });

  it('is no longer late when the holiday covers the breach', () => {
    expect(isBreached(clock, monday('15:00'), office)).toBe(true);
    expect(correct(clock, monday('15:00'), office, withHoliday).breach).toBe('none');
  });

  it('is breached now when a holiday that never was is taken back', () => {
    const { reading, breach } = correct(clock, monday('15:00'), withHoliday, office);
    expect(breach).toBe('now');
    expect(dueAt(reading, office)).toEqual(monday('15:00'));
  });

  it('tells no second breach when it is late under both', () => {
    const due = local('2026-10-07T12:00');
    expect(correct(clock, due, office, withHoliday).breach).toBe('before');
  });
});
