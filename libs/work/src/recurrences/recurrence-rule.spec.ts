import { describe, expect, it } from 'vitest';
import { instantAt, wallTimeAt } from '../wall-time.js';
import { RuleInvalid } from './recurrence.errors.js';
import { RecurrenceRule } from './recurrence-rule.js';

/** The first days of what begins on `start`, that day among them. */
function daysOf(text: string, start: string, most = 5): string[] {
  const rule = RecurrenceRule.parse(text);
  const days = [start];
  for (let day = rule.next(start, start); day && days.length < most; day = rule.next(start, day)) days.push(day);
  return days;
}

describe('A recurrence rule', () => {
  it.each<[string, string, string[]]>([
    ['FREQ=DAILY;INTERVAL=2', '2027-02-27', ['2027-02-27', '2027-03-01', '2027-03-03']],
    ['FREQ=WEEKLY;BYDAY=MO,TH', '2026-11-02', ['2026-11-02', '2026-11-05', '2026-11-09']],
    ['FREQ=MONTHLY;BYDAY=-1FR', '2026-11-27', ['2026-11-27', '2026-12-25', '2027-01-29']],
    ['FREQ=MONTHLY', '2026-01-31', ['2026-01-31', '2026-03-31', '2026-05-31']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', '2026-01-31', ['2026-01-31', '2026-02-28', '2026-03-31']],
    ['RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD', '2026-01-31', ['2026-01-31', '2026-02-28', '2026-03-31']],
    ['FREQ=YEARLY', '2028-02-29', ['2028-02-29', '2032-02-29', '2036-02-29']],
    ['RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD', '2028-02-29', ['2028-02-29', '2029-02-28', '2030-02-28']],
    ['RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD', '2028-02-29', ['2028-02-29', '2029-03-01', '2030-03-01']],
  ])('names by %s from %s on the days of RFC 5545 and 7529', (text, start, days) => {
    expect(daysOf(text, start, days.length)).toEqual(days);
  });

  it('leaves it to others to count, and ends on a day', () => {
    expect(daysOf('FREQ=WEEKLY;BYDAY=MO;COUNT=2', '2026-11-04', 3)).toEqual(['2026-11-04', '2026-11-09', '2026-11-16']);
    expect(daysOf('FREQ=DAILY;UNTIL=20261105', '2026-11-04')).toEqual(['2026-11-04', '2026-11-05']);
    expect(daysOf('FREQ=DAILY;UNTIL=20261105T080000Z', '2026-11-04')).toEqual(['2026-11-04', '2026-11-05']);
  });

  it('is reckoned anew from the day on which something was done', () => {
    const rule = RecurrenceRule.parse('FREQ=WEEKLY;INTERVAL=2;COUNT=9');
    expect(rule.next('2026-11-05', '2026-11-05')).toBe('2026-11-19');
    expect(rule.next('2026-11-05', '2026-11-19')).toBe('2026-12-03');
  });

  it('is written as it was meant, and read again as the same', () => {
    expect(RecurrenceRule.parse(' rrule:freq=weekly;byday=mo ').toString()).toBe('FREQ=WEEKLY;BYDAY=MO');
  });

  it.each([
    '',
    'BYDAY=MO',
    'FREQ=HOURLY',
    'FREQ=DAILY;BYHOUR=3',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;INTERVAL=1001',
    'FREQ=DAILY;COUNT=1001',
    'FREQ=DAILY;COUNT=2;UNTIL=20270101',
    'FREQ=DAILY;UNTIL=20270230',
    'FREQ=DAILY;UNTIL=20279999',
    'FREQ=DAILY;UNTIL=20270101T250000Z',
    'FREQ=DAILY;UNTIL=20270101T080000',
    'FREQ=WEEKLY;BYDAY=2MO',
    'FREQ=DAILY;FREQ=WEEKLY',
    'FREQ=DAILY;__proto__=1',
    'FREQ=DAILY\nEXDATE:20270101',
    'FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;SKIP=BACKWARD',
    `FREQ=WEEKLY;BYDAY=${'MO,'.repeat(300)}TU`,
  ])('is not %j', (text) => {
    expect(() => RecurrenceRule.parse(text)).toThrow(RuleInvalid);
  });
});

describe('A time on the wall', () => {
  it('that the clocks skip is later by the gap, one that they show twice is the first', () => {
    const at = (date: string, zone = 'Europe/Berlin') => instantAt(date, '02:30:00', zone).toISOString();
    expect(at('2027-03-27')).toBe('2027-03-27T01:30:00.000Z');
    expect(at('2027-03-28')).toBe('2027-03-28T01:30:00.000Z'); // 03:30
    expect(at('2027-03-29')).toBe('2027-03-29T00:30:00.000Z');
    expect(at('2027-10-31')).toBe('2027-10-31T00:30:00.000Z'); // before the clocks go back
    expect(at('2027-11-01')).toBe('2027-11-01T01:30:00.000Z');
    expect(at('2027-10-03', 'Australia/Lord_Howe')).toBe('2027-10-02T15:30:00.000Z'); // a gap of half an hour ends there
  });

  it('is read back from its instant', () => {
    expect(wallTimeAt(new Date('2027-07-01T22:30:00Z'), 'Europe/Berlin')).toEqual({
      date: '2027-07-02',
      time: '00:30:00',
    });
  });
});
