import { describe, expect, it } from 'vitest';
import { BusinessHoursInvalid } from '../business-time.errors.js';
import { CalendarChanged } from '../events.js';
import { aCalendar, intervals } from '../testing.js';
import { BusinessCalendar } from './business-calendar.entity.js';
import { CalendarIsDefault } from './business-calendar.errors.js';

describe('A business calendar', () => {
  const changed = (calendar: BusinessCalendar) => [CalendarChanged({ calendarId: calendar.id })];

  it('keeps holidays by date and leaves out days without hours', () => {
    const week = { 1: intervals('09:00-17:00'), 6: [] };
    const holidays = [
      { date: '2026-12-25', hours: [] },
      { date: '2026-12-24', hours: intervals('09:00-12:00') },
    ];
    const calendar = BusinessCalendar.draw(aCalendar({ week, holidays }));
    expect(calendar.week).toEqual({ 1: intervals('09:00-17:00') });
    expect(calendar.holidays).toEqual([
      { date: '2026-12-24', hours: intervals('09:00-12:00') },
      { date: '2026-12-25' },
    ]);
  });

  it('names every fault of its hours', () => {
    const week = { 1: intervals('9-17') };
    const draw = (): unknown => BusinessCalendar.draw(aCalendar({ zone: 'Mars/Olympus', week }));
    expect(draw).toThrow(BusinessHoursInvalid);
    const pointers = (() => {
      try {
        return draw();
      } catch (error) {
        return (error as BusinessHoursInvalid).details.errors?.map(({ pointer }) => pointer);
      }
    })();
    expect(pointers).toEqual(['/zone', '/week/1/0/opens', '/week/1/0/closes']);
  });

  it('tells of other hours', () => {
    const calendar = BusinessCalendar.draw(aCalendar());
    calendar.revise(aCalendar({ holidays: [{ date: '2026-12-25' }] }));
    expect(calendar.releaseEvents()).toEqual(changed(calendar));
  });

  it('tells nothing of another name, or of the same hours in another order', () => {
    const holidays = [{ date: '2026-12-24' }, { date: '2026-12-25' }];
    const calendar = BusinessCalendar.draw(aCalendar({ holidays }));
    calendar.revise(aCalendar({ name: 'Sales', holidays: [...holidays].reverse() }));
    expect(calendar.name).toBe('Sales');
    expect(calendar.releaseEvents()).toEqual([]);
  });

  it('becomes the default once', () => {
    const calendar = BusinessCalendar.draw(aCalendar());
    calendar.becomeDefault();
    calendar.becomeDefault();
    expect(calendar.releaseEvents()).toEqual(changed(calendar));
  });

  it('may not go while it is the default', () => {
    expect(() => BusinessCalendar.draw(aCalendar(), true).assertRemovable()).toThrow(CalendarIsDefault);
    expect(() => BusinessCalendar.draw(aCalendar(), false).assertRemovable()).not.toThrow();
  });
});
