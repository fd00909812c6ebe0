import { describe, expect, it } from 'vitest';
import { boundIds, readDate, readMessageIds, safeHeader } from './header.js';

describe('A header value', () => {
  it('cannot start a header of its own', () => {
    expect(safeHeader('Hi\r\nBcc: eve@example.com\u0000\u2028x')).toBe('Hi Bcc: eve@example.com x');
  });

  it('is never cut inside a character', () => {
    expect(safeHeader(`${'a'.repeat(9)}\u{1f389}`, 10)).toBe('a'.repeat(9));
  });
});

describe('Message-IDs', () => {
  it('are read in order, each once', () => {
    expect(readMessageIds('<b@x> junk <a@x><b@x>')).toEqual(['<b@x>', '<a@x>']);
  });

  it.each(['', 'words', '<>', '< >', 'a b@x', '<a@x'])('are not found in %j', (value) => {
    expect(readMessageIds(value)).toEqual([]);
  });

  it('are bounded to both ends', () => {
    expect(boundIds(['1', '2', '3', '4', '5'], 1, 2)).toEqual(['1', '4', '5']);
  });
});

describe('A date', () => {
  it.each([
    ['Tue, 29 Feb 2028 23:59:60 -0930', '2028-03-01T09:30:00.000Z'],
    ['1 Jan 1970 00:00:00 +0000', '1970-01-01T00:00:00.000Z'],
    ['Mon, 2-Nov-2026 10.00.00 GMT', '2026-11-02T10:00:00.000Z'],
    ['2 November 2026 10:00 PST', '2026-11-02T18:00:00.000Z'],
    ['Mon, 2 Nov 99 10:00:00 +0000', '1999-11-02T10:00:00.000Z'],
  ])('%j is %s', (value, instant) => {
    expect(readDate(value)?.toISOString()).toBe(instant);
  });

  it.each([
    '',
    '1',
    'Mon, 32 Nov 2026 10:00 +0000',
    'Mon, 2 Nov 1899 10:00 +0000',
    '2026-13-45T99:99:99Z',
    '\u0000'.repeat(500),
  ])('is none in %j', (value) => {
    expect(readDate(value)).toBeNull();
  });
});
