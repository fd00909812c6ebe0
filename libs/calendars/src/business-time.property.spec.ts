import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { BusinessHours } from './business-time.js';
import { type OpenInterval, type Span, WEEKDAYS } from './opening-hours.js';

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Havana'];
const STEP = 15;

const time = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const spans: fc.Arbitrary<Span[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: (24 * 60) / STEP }), { maxLength: 6 })
  .map((marks) => marks.sort((a, b) => a - b).map((mark) => mark * STEP))
  .map((marks) =>
    marks.flatMap((opens, i) => (i % 2 === 0 && i + 1 < marks.length ? [{ opens, closes: marks[i + 1]! }] : [])),
  );

const asIntervals = (day: Span[]): OpenInterval[] =>
  day.map(({ opens, closes }) => ({ opens: time(opens), closes: time(closes) }));

const weeks = fc.tuple(...WEEKDAYS.map(() => spans)).filter((days) => days.some((day) => day.length > 0));

const calendars = fc.record({ zone: fc.constantFrom(...ZONES), days: weeks }).map(({ zone, days }) => ({
  days,
  zone,
  hours: BusinessHours.of({
    zone,
    week: Object.fromEntries(WEEKDAYS.map((weekday, i) => [weekday, asIntervals(days[i]!)])),
    holidays: [{ date: '2026-03-27' }, { date: '2026-10-26', hours: [{ opens: '10:00', closes: '10:30' }] }],
  }),
}));
const instants = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true });
const seconds = fc.integer({ min: 0, max: 14 * 24 * 3600 });

describe('Business time', () => {
  it('adds in two steps what it adds in one', () => {
    fc.assert(
      fc.property(calendars, instants, seconds, seconds, ({ hours }, start, a, b) => {
        // No time at all is a wait for the next opening, which a step that ends at closing has not made.
        fc.pre(b > 0);
        expect(hours.addBusinessTime(hours.addBusinessTime(start, a), b)).toEqual(hours.addBusinessTime(start, a + b));
      }),
    );
  });

  it('finds between two instants what was added to the first', () => {
    fc.assert(
      fc.property(calendars, instants, seconds, ({ hours }, start, added) => {
        expect(hours.businessSecondsBetween(start, hours.addBusinessTime(start, added))).toBe(added);
      }),
    );
  });

  it('never ends sooner for starting later or for taking longer', () => {
    fc.assert(
      fc.property(calendars, instants, instants, seconds, seconds, ({ hours }, s1, s2, t1, t2) => {
        const [first, second] = s1 < s2 ? [s1, s2] : [s2, s1];
        const [short, long] = t1 < t2 ? [t1, t2] : [t2, t1];
        const end = hours.addBusinessTime(first, short).getTime();
        expect(end).toBeLessThanOrEqual(hours.addBusinessTime(second, short).getTime());
        expect(end).toBeLessThanOrEqual(hours.addBusinessTime(first, long).getTime());
      }),
    );
  });

  it('opens next at an open instant, with nothing lost before it', () => {
    fc.assert(
      fc.property(calendars, instants, ({ hours }, at) => {
        const opening = hours.nextOpening(at);
        expect(hours.isOpen(opening)).toBe(true);
        expect(hours.businessSecondsBetween(at, opening)).toBe(0);
        expect(hours.isOpen(at)).toBe(opening.getTime() === at.getTime());
      }),
    );
  });

  it('adds up over any cut', () => {
    fc.assert(
      fc.property(calendars, fc.tuple(instants, instants, instants), ({ hours }, dates) => {
        const [a, b, c] = dates.sort((x, y) => x.getTime() - y.getTime());
        const parts = hours.businessSecondsBetween(a, b) + hours.businessSecondsBetween(b, c);
        expect(parts).toBeCloseTo(hours.businessSecondsBetween(a, c), 3);
      }),
    );
  });

  it('agrees with a count of what the clock on the wall shows, quarter by quarter', () => {
    const nights = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01', '2026-07-01'];
    fc.assert(
      fc.property(calendars, fc.constantFrom(...nights), ({ hours, zone, days }, night) => {
        const start = DateTime.fromISO(night, { zone: 'utc' }).minus({ hours: 24 });
        let latest = '';
        let open = 0;
        for (let quarter = 0; quarter < 72 * 4; quarter += 1) {
          const shown = start
            .plus({ minutes: quarter * STEP })
            .setZone(zone)
            .toFormat("yyyy-MM-dd'T'HH:mm");
          if (shown > latest) latest = shown;
          if (isOpenOnPaper(days, latest)) open += STEP * 60;
        }
        expect(hours.businessSecondsBetween(start.toJSDate(), start.plus({ hours: 72 }).toJSDate())).toBe(open);
      }),
      { numRuns: 60 },
    );
  });
});

function isOpenOnPaper(days: Span[][], wall: string): boolean {
  if (wall.startsWith('2026-03-27')) return false;
  if (wall.startsWith('2026-10-26')) return wall >= '2026-10-26T10:00' && wall < '2026-10-26T10:30';
  const { weekday, hour, minute } = DateTime.fromISO(wall, { zone: 'utc' });
  return days[weekday - 1]!.some(({ opens, closes }) => hour * 60 + minute >= opens && hour * 60 + minute < closes);
}
