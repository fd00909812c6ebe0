import { describe, expect, it } from 'vitest';
import { BusinessHoursInvalid } from './business-time.errors.js';
import type { BusinessHoursSpec } from './opening-hours.js';
import { OpeningHours } from './opening-hours.js';
import { daily, intervals } from './testing.js';

const DAY = 86_400_000;
const dayOf = (date: string): number => Date.parse(date) / DAY;

function faultsOf(spec: Partial<BusinessHoursSpec>): string[] {
  try {
    OpeningHours.of({ zone: 'Europe/Berlin', week: daily('09:00-17:00'), ...spec });
  } catch (error) {
    if (!(error instanceof BusinessHoursInvalid)) throw error;
    return (error.details.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
  }
  return [];
}

describe('OpeningHours', () => {
  it('gives each weekday its own hours', () => {
    const hours = OpeningHours.of({ zone: 'UTC', week: { ...daily('09:00-17:00', 1), ...daily('10:00-24:00', 7) } });
    expect(hours.on(dayOf('2026-10-05'))).toEqual([{ opens: 540, closes: 1020 }]);
    expect(hours.on(dayOf('2026-10-04'))).toEqual([{ opens: 600, closes: 1440 }]);
    expect(hours.on(dayOf('2026-10-06'))).toEqual([]);
  });

  it('knows the weekday before 1970 too', () => {
    const hours = OpeningHours.of({ zone: 'UTC', week: daily('09:00-17:00', 7) });
    expect(hours.on(dayOf('1969-12-28'))).toHaveLength(1);
    expect(hours.on(dayOf('1969-12-29'))).toHaveLength(0);
  });

  it('lets a holiday stand in for the week', () => {
    const holidays = [{ date: '2026-12-25' }, { date: '2026-12-24', hours: intervals('09:00-12:00') }];
    const hours = OpeningHours.of({ zone: 'UTC', week: daily('09:00-17:00'), holidays });
    expect(hours.on(dayOf('2026-12-25'))).toEqual([]);
    expect(hours.on(dayOf('2026-12-24'))).toEqual([{ opens: 540, closes: 720 }]);
  });

  it('accepts intervals that touch', () => {
    expect(faultsOf({ week: daily('00:00-08:00 08:00-24:00') })).toEqual([]);
  });

  it.each<[string, Partial<BusinessHoursSpec>, string]>([
    ['a zone nobody knows', { zone: 'Europe/Atlantis' }, '/zone zone_unknown'],
    ['an offset in place of a zone', { zone: 'UTC+3' }, '/zone zone_unknown'],
    ['a time that is none', { week: daily('9:00-17:00', 1) }, '/week/1/0/opens time_invalid'],
    ['a time after the end of the day', { week: daily('09:00-24:01', 1) }, '/week/1/0/closes time_invalid'],
    ['an empty interval', { week: daily('09:00-09:00', 3) }, '/week/3/0/closes interval_empty'],
    ['an interval over midnight', { week: daily('22:00-06:00', 3) }, '/week/3/0/closes interval_empty'],
    ['overlapping intervals', { week: daily('09:00-12:00 11:59-17:00', 5) }, '/week/5/1/opens intervals_overlap'],
    ['unsorted intervals', { week: daily('13:00-17:00 09:00-12:00', 5) }, '/week/5/1/opens intervals_unsorted'],
    ['a week without hours', { week: { 1: [] } }, '/week hours_missing'],
    ['an eighth weekday', { week: { ...daily('09:00-17:00'), 8: [] } as never }, '/week/8 weekday_unknown'],
    ['a date that is none', { holidays: [{ date: '2026-02-29' }] }, '/holidays/0/date date_invalid'],
    ['a date with a time', { holidays: [{ date: '2026-02-28T10:00' }] }, '/holidays/0/date date_invalid'],
    [
      'the same holiday twice',
      { holidays: [{ date: '2026-12-25' }, { date: '2026-12-25' }] },
      '/holidays/1/date date_repeated',
    ],
    [
      'a holiday with wrong hours',
      { holidays: [{ date: '2026-12-24', hours: intervals('12:00-09:00') }] },
      '/holidays/0/hours/0/closes interval_empty',
    ],
  ])('refuses %s', (_, spec, fault) => {
    expect(faultsOf(spec)).toEqual([fault]);
  });

  it('names every fault at once', () => {
    expect(faultsOf({ zone: '', week: daily('x-y', 1), holidays: [{ date: 'z' }] })).toEqual([
      '/zone zone_unknown',
      '/week/1/0/opens time_invalid',
      '/week/1/0/closes time_invalid',
      '/holidays/0/date date_invalid',
    ]);
  });
});
