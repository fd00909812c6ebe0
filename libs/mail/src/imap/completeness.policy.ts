/** How often all ids are compared, in polls that nobody asked for. */
export const COMPARE_EVERY_SECONDS = 3600;

export type CompletenessStatus = 'complete' | 'reading' | 'gaps' | 'unknown';
export const UNKNOWN_REASONS = [
  'never_compared',
  'poll_failing',
  'poll_overdue',
  'comparison_old',
  'counts_disagree',
] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];
export type Verdict = { readonly status: CompletenessStatus; readonly reason: UnknownReason | null };

/** What was found out by asking the server for all of its ids. */
export type Comparison = {
  readonly state: 'waiting' | 'ok' | 'failing';
  readonly intervalSeconds: number;
  /** Seconds since the last comparison; null before the first. */
  readonly age: number | null;
  /** Seconds since the last poll that came to its end; null before the first. */
  readonly silence: number | null;
  readonly claimed: number | null;
  readonly listed: number | null;
};
export type Counts = {
  readonly listed: number;
  readonly accounted: number;
  readonly waiting: number;
  readonly missing: number;
  readonly quarantined: number;
  readonly refused: number;
  readonly doubled: number;
};

/**
 * Green is proven, never assumed: what was not asked, not answered, answered long ago or in contradiction is unknown. Gaps
 * that are known are told all the same.
 */
export function verdictOf(
  comparison: Comparison,
  { missing, waiting }: Partial<Counts> & Pick<Counts, 'missing' | 'waiting'>,
): Verdict {
  const reason = unknownBecause(comparison);
  if (reason) return { status: 'unknown', reason };
  return { status: missing ? 'gaps' : waiting ? 'reading' : 'complete', reason: null };
}

function unknownBecause(comparison: Comparison): UnknownReason | null {
  const { state, intervalSeconds, age, silence, claimed, listed } = comparison;
  if (age === null) return 'never_compared';
  if (state === 'failing') return 'poll_failing';
  if (silence === null || silence > 2 * intervalSeconds + OVERDUE_SECONDS) return 'poll_overdue';
  if (age > 2 * Math.max(COMPARE_EVERY_SECONDS, intervalSeconds)) return 'comparison_old';
  return claimed === listed ? null : 'counts_disagree';
}

/** A worker that is busy or restarts may be late by this. */
const OVERDUE_SECONDS = 600;

const numbers = new Intl.NumberFormat('en-US');

export function summaryOf(counts: Counts): string {
  const parts = (['missing', 'waiting', 'quarantined', 'refused', 'doubled'] as const)
    .filter((name) => counts[name] > 0)
    .map((name) => `${numbers.format(counts[name])} ${name}`);
  const { accounted, listed } = counts;
  return [`accounted for ${numbers.format(accounted)} of ${numbers.format(listed)}`, ...parts].join(', ');
}
