import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, totalsOf } from './line-total.js';

const aLine = (over: Partial<Line>): Line => ({
  quantity: '1',
  unitAmount: 100,
  discountPercent: '0',
  taxRate: '0',
  ...over,
});

describe('The total of a line', () => {
  it.each([
    [{ quantity: '3', unitAmount: 4_900 }, 14_700, 0],
    [{ quantity: '2.5', unitAmount: 999, taxRate: '19' }, 2_498, 475], // 2497.5, and 474.62
    [{ quantity: '0.005', unitAmount: 100 }, 1, 0], // half a unit
    [{ quantity: '0.004', unitAmount: 100 }, 0, 0],
    [{ unitAmount: 999, discountPercent: '12.5' }, 874, 0], // 874.125
    [{ unitAmount: 1_000, discountPercent: '100', taxRate: '19' }, 0, 0],
    [{ unitAmount: 1_000, taxRate: '8.875' }, 1_000, 89], // 88.75
    [{ quantity: '3', unitAmount: 10, discountPercent: '0.05' }, 30, 0], // 29.985
  ])('of %j is %i, and its tax %i', (over, net, tax) => {
    expect(totalsOf(aLine(over))).toEqual({ net, tax });
  });

  it('is exact where a double would not be', () => {
    expect(totalsOf(aLine({ quantity: '1000.001', unitAmount: 999_999_999_999 })).net).toBe(1_000_000_999_999_000);
  });

  it('grows with the quantity and falls with the discount', () => {
    const amount = fc.nat({ max: 1_000_000_000 });
    const percent = fc.nat({ max: 10_000 }).map((n) => (n / 100).toFixed(2));
    fc.assert(
      fc.property(amount, fc.nat({ max: 999 }), percent, (unitAmount, n, discountPercent) => {
        const less = totalsOf(aLine({ unitAmount, quantity: String(n), discountPercent })).net;
        const more = totalsOf(aLine({ unitAmount, quantity: String(n + 1), discountPercent })).net;
        expect(more).toBeGreaterThanOrEqual(less);
        expect(less).toBeLessThanOrEqual(totalsOf(aLine({ unitAmount, quantity: String(n) })).net);
      }),
    );
  });
});
