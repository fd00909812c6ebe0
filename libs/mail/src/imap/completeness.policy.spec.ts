import { describe, expect, it } from 'vitest';
import { COMPARE_EVERY_SECONDS, type Comparison, type Counts, summaryOf, verdictOf } from './completeness.policy.js';

const PROVEN: Comparison = { state: 'ok', intervalSeconds: 60, age: 10, silence: 5, claimed: 1_000, listed: 1_000 };
const ALL: Counts = {
  listed: 1_000,
  accounted: 1_000,
  waiting: 0,
  missing: 0,
  quarantined: 0,
  refused: 0,
  doubled: 0,
};

describe('The completeness of a mailbox', () => {
  it('is proven when the server listed what it claims, and all of it is accounted for', () => {
    expect(verdictOf(PROVEN, ALL)).toEqual({ status: 'complete', reason: null });
    expect(verdictOf(PROVEN, { ...ALL, quarantined: 3, refused: 1, doubled: 7 }).status).toBe('complete');
  });

  it('has gaps where mails are missing, and is being read where they wait', () => {
    expect(verdictOf(PROVEN, { ...ALL, waiting: 5 }).status).toBe('reading');
    expect(verdictOf(PROVEN, { ...ALL, missing: 1, waiting: 5 }).status).toBe('gaps');
  });

  it.each<[string, Partial<Comparison>]>([
    ['never_compared', { age: null, claimed: null, listed: null }],
    ['poll_failing', { state: 'failing' }],
    ['poll_overdue', { silence: 721 }],
    ['poll_overdue', { silence: null }],
    ['comparison_old', { age: 2 * COMPARE_EVERY_SECONDS + 1 }],
    ['counts_disagree', { listed: 995 }],
  ])('is unknown, never green: %s', (reason, over) => {
    expect(verdictOf({ ...PROVEN, ...over }, ALL)).toEqual({ status: 'unknown', reason });
  });

  it('waits longer for a mailbox that is polled seldom', () => {
    expect(verdictOf({ ...PROVEN, intervalSeconds: 86_400, age: 100_000, silence: 90_000 }, ALL).status).toBe(
      'complete',
    );
  });

  it('is said in one line', () => {
    expect(summaryOf(ALL)).toBe('accounted for 1,000 of 1,000');
    expect(summaryOf({ ...ALL, accounted: 995, missing: 5, quarantined: 3 })).toBe(
      'accounted for 995 of 1,000, 5 missing, 3 quarantined',
    );
  });
});
