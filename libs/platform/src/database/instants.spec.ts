import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { instantParser } from './instants.js';

const own = pg.types.getTypeParser(pg.types.builtins.TIMESTAMP, 'text');
const unread = Symbol('left to the driver');
const read = instantParser(() => unread);

describe('Instants of the database', () => {
  it.each([
    ['2026-11-28 19:40:11+00', '2026-11-28T19:40:11.000Z'],
    ['2026-11-28 19:40:11.7+00', '2026-11-28T19:40:11.700Z'],
    ['2026-11-28 19:40:11.07+00', '2026-11-28T19:40:11.070Z'],
    ['2026-11-28 19:40:11.756+00', '2026-11-28T19:40:11.756Z'],
    ['2026-11-28 19:40:11.756999+00', '2026-11-28T19:40:11.756Z'],
    ['2024-02-29 23:59:59.999+00', '2024-02-29T23:59:59.999Z'],
    ['1000-01-01 00:00:00+00', '1000-01-01T00:00:00.000Z'],
    ['9999-12-31 23:59:59.999999+00', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, iso) => {
    expect((read(text) as Date).toISOString()).toBe(iso);
  });

  it('are what the driver reads, of every millisecond', () => {
    for (let millisecond = 0; millisecond < 1000; millisecond++) {
      const text = `2026-03-29 01:59:59.${String(millisecond).padStart(3, '0')}+00`;
      expect(read(text)).toEqual(own(text));
    }
  });

  it.each([
    '2026-11-28 19:40:11.756+01',
    '2026-11-28 19:40:11.756-00:44',
    '2026-11-28 19:40:11.756+00:30',
    '0099-11-28 19:40:11+00',
    '10000-01-01 00:00:00+00',
    '0044-03-15 12:00:00+00 BC',
    'infinity',
    '-infinity',
  ])('%s is left to the driver', (text) => {
    expect(read(text)).toBe(unread);
  });
});
