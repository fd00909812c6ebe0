import { describe, expect, it } from 'vitest';
import { WallClock } from './wall-clock.js';

function read(zone: string, date: string, time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const instant = new WallClock(zone).on(Date.parse(date) / 86_400_000)(hour * 60 + minute);
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

describe('WallClock', () => {
  it.each([
    ['an ordinary time', 'Europe/Berlin', '2026-07-01', '09:00', '2026-07-01T07:00:00Z'],
    ['24:00 as the next midnight', 'Europe/Berlin', '2026-07-01', '24:00', '2026-07-01T22:00:00Z'],
    ['a time before the gap of its night', 'Europe/Berlin', '2026-03-29', '01:59', '2026-03-29T00:59:00Z'],
    ['a skipped time as the end of the gap', 'Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:00:00Z'],
    ['a time after the gap of its night', 'Europe/Berlin', '2026-03-29', '03:30', '2026-03-29T01:30:00Z'],
    ['a repeated time as its first showing', 'Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30:00Z'],
    ['the end of the repeated hour', 'Europe/Berlin', '2026-10-25', '03:00', '2026-10-25T02:00:00Z'],
    ['a skipped time in New York', 'America/New_York', '2026-03-08', '02:15', '2026-03-08T07:00:00Z'],
    ['a repeated time in New York', 'America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00Z'],
    ['a time skipped by half an hour', 'Australia/Lord_Howe', '2026-10-04', '02:10', '2026-10-03T15:30:00Z'],
    ['a time repeated for half an hour', 'Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45:00Z'],
    ['a skipped midnight', 'America/Sao_Paulo', '2018-11-04', '00:00', '2018-11-04T03:00:00Z'],
    ['a repeated midnight', 'America/Havana', '2026-11-01', '00:00', '2026-11-01T04:00:00Z'],
    ['a midnight met only after a repeated hour', 'America/Sao_Paulo', '2018-02-17', '24:00', '2018-02-18T03:00:00Z'],
    ['a day that never was', 'Pacific/Apia', '2011-12-30', '09:00', '2011-12-30T10:00:00Z'],
    ['a midnight left and met again', 'America/St_Johns', '2010-11-07', '00:00', '2010-11-07T02:30:00Z'],
  ])('reads %s', (_, zone, date, time, instant) => {
    expect(read(zone, date, time)).toBe(instant);
  });

  it('knows the local day of an instant', () => {
    const day = (zone: string): number => new WallClock(zone).dayAt(Date.parse('2026-10-01T23:30:00Z'));
    expect(day('Europe/Berlin')).toBe(Date.parse('2026-10-02') / 86_400_000);
    expect(day('America/New_York')).toBe(Date.parse('2026-10-01') / 86_400_000);
  });
});
