import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_ATTEMPTS, nextAttemptAt } from './message.policy.js';

const now = new Date('2026-11-02T09:00:00Z');
const secondsAfter = (attempts: number, random: number): number =>
  ((nextAttemptAt(attempts, now, random)?.getTime() ?? NaN) - now.getTime()) / 1000;

describe('The delay between attempts', () => {
  it('grows fourfold from half a minute to four hours', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((attempts) => secondsAfter(attempts, 0.5))).toEqual([
      30, 120, 480, 1920, 7680, 14400, 14400,
    ]);
  });

  it('is spread by at most a quarter either way', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MOST_ATTEMPTS - 1 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempts, random) => {
          const ratio = secondsAfter(attempts, random) / secondsAfter(attempts, 0.5);
          expect(ratio).toBeGreaterThanOrEqual(0.74);
          expect(ratio).toBeLessThanOrEqual(1.26);
        },
      ),
    );
  });

  it('ends with the last attempt', () => {
    expect(nextAttemptAt(MOST_ATTEMPTS, now, 0.5)).toBeUndefined();
  });
});
