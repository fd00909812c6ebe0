import { describe, expect, it } from 'vitest';
import { BusinessHours } from './business-time.js';
import { daily, local } from './testing.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

const NIGHTS = [
  { zone: 'Europe/Berlin', spring: '2026-03-29', autumn: '2026-10-25', shift: HOUR },
  { zone: 'America/New_York', spring: '2026-03-08', autumn: '2026-11-01', shift: HOUR },
  { zone: 'Australia/Lord_Howe', spring: '2026-10-04', autumn: '2026-04-05', shift: 30 * MINUTE },
];

function openOn(date: string, hours: string, zone: string): number {
  const midnight = local(`${date}T00:00`, zone);
  const next = new Date(midnight.getTime() + 30 * HOUR * 1000);
  const only = BusinessHours.of({ zone, week: daily(hours, 7) });
  return only.businessSecondsBetween(midnight, next);
}

describe.each(NIGHTS)('Business hours in the nights of $zone', ({ zone, spring, autumn, shift }) => {
  it('keep to the wall clock by day', () => {
    const hours = BusinessHours.of({ zone, week: daily('09:00-17:00') });
    const saturday = (date: string): string => new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
    for (const night of [spring, autumn]) {
      const start = local(`${saturday(night)}T16:30`, zone);
      expect(hours.addBusinessTime(start, HOUR)).toEqual(local(`${night}T09:30`, zone));
    }
  });

  it('lose in spring what the clock skips', () => {
    expect(openOn(spring, '00:00-24:00', zone)).toBe(24 * HOUR - shift);
    expect(openOn(spring, '01:00-04:00', zone)).toBe(3 * HOUR - shift);
  });

  it('gain in autumn what the clock repeats', () => {
    expect(openOn(autumn, '00:00-24:00', zone)).toBe(24 * HOUR + shift);
    expect(openOn(autumn, '01:00-04:00', zone)).toBe(3 * HOUR + shift);
  });

  it('lose and gain nothing when a day is cut within the hour of the change', () => {
    for (const cut of ['01:15', '01:30', '01:45', '02:00', '02:15', '02:30', '02:45', '03:00']) {
      expect(openOn(spring, `00:00-${cut} ${cut}-24:00`, zone)).toBe(24 * HOUR - shift);
      expect(openOn(autumn, `00:00-${cut} ${cut}-24:00`, zone)).toBe(24 * HOUR + shift);
    }
  });
});

describe('Business hours around a change of the clock', () => {
  it('do not happen when they lie wholly in the gap', () => {
    expect(openOn('2026-03-29', '02:15-02:45', 'Europe/Berlin')).toBe(0);
    const hours = BusinessHours.of({ zone: 'Europe/Berlin', week: daily('02:15-02:45') });
    expect(hours.nextOpening(local('2026-03-29T00:00'))).toEqual(local('2026-03-30T02:15'));
  });

  it('open at the end of the gap when their opening is skipped', () => {
    const hours = BusinessHours.of({ zone: 'Europe/Berlin', week: daily('02:30-05:00') });
    expect(hours.nextOpening(local('2026-03-29T00:00'))).toEqual(new Date('2026-03-29T01:00:00Z'));
  });

  it('close the first time a repeated closing is shown', () => {
    const hours = BusinessHours.of({ zone: 'Europe/Berlin', week: daily('01:00-02:30') });
    expect(hours.isOpen(new Date('2026-10-25T00:29:00Z'))).toBe(true);
    expect(hours.isOpen(new Date('2026-10-25T00:30:00Z'))).toBe(false);
    expect(hours.isOpen(new Date('2026-10-25T01:15:00Z'))).toBe(false);
  });

  it('stay open through the second showing when they close after it', () => {
    const hours = BusinessHours.of({ zone: 'Europe/Berlin', week: daily('02:30-04:00') });
    expect(hours.isOpen(new Date('2026-10-25T01:15:00Z'))).toBe(true);
    expect(openOn('2026-10-25', '02:30-04:00', 'Europe/Berlin')).toBe(2.5 * HOUR);
  });

  it('skip a day that the zone skipped', () => {
    const hours = BusinessHours.of({ zone: 'Pacific/Apia', week: daily('09:00-17:00') });
    const due = hours.addBusinessTime(local('2011-12-29T16:30', 'Pacific/Apia'), HOUR);
    expect(due).toEqual(local('2011-12-31T09:30', 'Pacific/Apia'));
  });

  it('find the new day while the clock shows the old one once more', () => {
    const hours = BusinessHours.of({ zone: 'America/St_Johns', week: daily('00:00-24:00', 7) });
    const again = new Date('2010-11-07T02:45:00Z');
    expect(hours.isOpen(again)).toBe(true);
    expect(hours.businessSecondsBetween(again, new Date('2010-11-07T03:00:00Z'))).toBe(15 * MINUTE);
  });
});
