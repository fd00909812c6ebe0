import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankBetween } from './rank.js';

describe('A rank', () => {
  it('lies between its neighbours, wherever cards are put, and is nobody else’s', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 300 }), (places) => {
        const column: string[] = [];
        for (const place of places) {
          const at = place % (column.length + 1);
          column.splice(at, 0, rankBetween(column[at - 1] ?? null, column[at] ?? null));
        }
        expect([...column].sort()).toEqual(column);
        expect(new Set(column).size).toBe(column.length);
      }),
    );
  });

  it('stays as short as it was, however often a card is put on top or at the bottom', () => {
    let [top, bottom] = [rankBetween(null, null), rankBetween(null, null)];
    for (let n = 0; n < 100_000; n++) {
      const [above, below] = [rankBetween(null, top), rankBetween(bottom, null)];
      if (above >= top || below <= bottom) throw new Error('out of order');
      [top, bottom] = [above, below];
    }
    expect([top.length, bottom.length]).toEqual([8, 8]);
  });

  it.each(['above', 'below'])('grows slowly where a thousand cards are put into one gap, right %s', (side) => {
    let [lo, hi] = [rankBetween(null, null), rankBetween(rankBetween(null, null), null)];
    for (let n = 0; n < 1_000; n++) {
      const rank = rankBetween(lo, hi);
      if (rank <= lo || rank >= hi) throw new Error('out of order');
      if (side === 'above') lo = rank;
      else hi = rank;
    }
    expect(Math.max(lo.length, hi.length)).toBeLessThan(260);
  });

  it('is refused where there is none', () => {
    expect(() => rankBetween('i0000001', 'i0000001')).toThrow(RangeError);
  });
});
