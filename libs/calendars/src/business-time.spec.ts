import { describe, expect, it } from 'vitest';
import { BusinessTimeOutOfReach, NeverOpens } from './business-time.errors.js';
import { BusinessHours } from './business-time.js';
import { daily, intervals, local, someHours } from './testing.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

describe('BusinessHours', () => {
  it('carry an hour from Friday evening over to Monday morning', () => {
    expect(someHours().addBusinessTime(local('2026-10-02T16:30'), HOUR)).toEqual(local('2026-10-05T09:30'));
  });

  it('start on Monday morning what came in on Saturday', () => {
    expect(someHours().nextOpening(local('2026-10-03T14:00'))).toEqual(local('2026-10-05T09:00'));
    expect(someHours().addBusinessTime(local('2026-10-03T14:00'), HOUR)).toEqual(local('2026-10-05T10:00'));
  });

  it('leave out the lunch break of a split day', () => {
    const hours = someHours({ week: daily('09:00-12:00 13:30-17:00', 1, 2, 3, 4, 5) });
    expect(hours.addBusinessTime(local('2026-10-05T11:45'), 30 * MINUTE)).toEqual(local('2026-10-05T13:45'));
    expect(hours.businessSecondsBetween(local('2026-10-05T11:45'), local('2026-10-05T13:45'))).toBe(30 * MINUTE);
  });

  it('leave out a holiday', () => {
    const hours = someHours({ holidays: [{ date: '2026-10-05' }] });
    expect(hours.addBusinessTime(local('2026-10-02T16:30'), HOUR)).toEqual(local('2026-10-06T09:30'));
    expect(hours.isOpen(local('2026-10-05T12:00'))).toBe(false);
  });

  it('keep the special hours of a holiday, also where the week is closed', () => {
    const hours = someHours({ holidays: [{ date: '2026-10-04', hours: intervals('10:00-10:20') }] });
    expect(hours.addBusinessTime(local('2026-10-02T16:30'), HOUR)).toEqual(local('2026-10-05T09:10'));
  });

  it('go on over midnight through 24:00 and 00:00', () => {
    const hours = someHours({ week: { ...daily('20:00-24:00', 5), ...daily('00:00-04:00', 6) } });
    expect(hours.isOpen(local('2026-10-03T00:00'))).toBe(true);
    expect(hours.addBusinessTime(local('2026-10-02T23:30'), HOUR)).toEqual(local('2026-10-03T00:30'));
    expect(hours.addBusinessTime(local('2026-10-03T03:30'), HOUR)).toEqual(local('2026-10-09T20:30'));
  });

  it('are open at the instant of opening and closed at the instant of closing', () => {
    expect(someHours().isOpen(local('2026-10-05T08:59:59.999'))).toBe(false);
    expect(someHours().isOpen(local('2026-10-05T09:00'))).toBe(true);
    expect(someHours().isOpen(local('2026-10-05T16:59:59.999'))).toBe(true);
    expect(someHours().isOpen(local('2026-10-05T17:00'))).toBe(false);
  });

  it('end at closing what is used up exactly at closing', () => {
    expect(someHours().addBusinessTime(local('2026-10-02T16:00'), HOUR)).toEqual(local('2026-10-02T17:00'));
    expect(someHours().addBusinessTime(local('2026-10-02T09:00'), 16 * HOUR)).toEqual(local('2026-10-05T17:00'));
  });

  it('take no time as a wait for the next opening', () => {
    expect(someHours().addBusinessTime(local('2026-10-02T17:00'), 0)).toEqual(local('2026-10-05T09:00'));
    expect(someHours().addBusinessTime(local('2026-10-05T12:34'), 0)).toEqual(local('2026-10-05T12:34'));
  });

  it('count to the millisecond', () => {
    const start = local('2026-10-02T16:59:59.250');
    expect(someHours().addBusinessTime(start, 1)).toEqual(local('2026-10-05T09:00:00.250'));
    expect(someHours().businessSecondsBetween(start, local('2026-10-05T09:00:00.250'))).toBe(1);
  });

  it('find no business time between an instant and an earlier one', () => {
    expect(someHours().businessSecondsBetween(local('2026-10-05T12:00'), local('2026-10-05T10:00'))).toBe(0);
  });

  it('hold what they were made of, whatever becomes of it', () => {
    const spec = { zone: 'Europe/Berlin', week: { 1: intervals('09:00-17:00') } };
    const hours = BusinessHours.of(spec);
    spec.week[1] = intervals('10:00-17:00');
    expect(hours.spec.week[1]).toEqual([{ opens: '09:00', closes: '17:00' }]);
  });

  it('never close when always open', () => {
    const hours = BusinessHours.alwaysOpen('Europe/Berlin');
    const start = local('2026-01-01T00:00');
    expect(hours.addBusinessTime(start, 365 * 24 * HOUR)).toEqual(local('2027-01-01T00:00'));
    expect(hours.isOpen(local('2026-10-25T02:30'))).toBe(true);
  });

  it('add twenty years of office days in a moment', () => {
    const begun = performance.now();
    const due = someHours().addBusinessTime(local('2026-01-01T09:00'), 20 * 52 * 5 * 8 * HOUR);
    expect(due).toEqual(local('2045-12-06T17:00'));
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('refuse to wait for a calendar that never opens again', () => {
    const hours = someHours({ week: {}, holidays: [{ date: '2026-10-05', hours: intervals('09:00-10:00') }] });
    expect(hours.addBusinessTime(local('2026-10-01T00:00'), HOUR)).toEqual(local('2026-10-05T10:00'));
    expect(() => hours.addBusinessTime(local('2026-10-01T00:00'), HOUR + 1)).toThrow(NeverOpens);
    expect(() => hours.nextOpening(local('2026-10-05T10:00'))).toThrow(NeverOpens);
    expect(hours.isOpen(local('2026-10-05T10:00'))).toBe(false);
  });

  it('refuse to wait more than ten years', () => {
    const hours = someHours({ week: {}, holidays: [{ date: '2037-10-05', hours: intervals('09:00-10:00') }] });
    expect(() => hours.nextOpening(local('2026-10-01T00:00'))).toThrow(NeverOpens);
    expect(hours.nextOpening(local('2028-10-01T00:00'))).toEqual(local('2037-10-05T09:00'));
  });

  it('refuse more business time than a hundred years hold', () => {
    const hours = someHours({ week: daily('09:00-09:01', 1) });
    expect(() => hours.addBusinessTime(local('2026-10-01T00:00'), 100 * HOUR)).toThrow(BusinessTimeOutOfReach);
    expect(() => hours.businessSecondsBetween(local('1900-01-01T00:00'), local('2026-01-01T00:00'))).toThrow(
      BusinessTimeOutOfReach,
    );
  });

  it.each([-1, Number.NaN])('refuse to add %d seconds', (seconds) => {
    expect(() => someHours().addBusinessTime(local('2026-10-05T12:00'), seconds)).toThrow(RangeError);
  });

  it('refuse a date that is none', () => {
    expect(() => someHours().isOpen(new Date('yesterday'))).toThrow(RangeError);
  });
});
