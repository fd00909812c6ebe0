/**
 * Ranks are text that sorts byte by byte: eight digits of a whole number, then a fraction. On top and at the bottom the
 * number goes on counting, so that what is put there a million times stays short; between two cards the fraction grows by
 * a digit about every fifth time. Nobody else's rank changes.
 */
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const HEAD = 8;
const MIDDLE = DIGITS.length ** HEAD / 2;

const headOf = (rank: string): number => Number.parseInt(rank.slice(0, HEAD), DIGITS.length);
const whole = (head: number): string => head.toString(DIGITS.length).padStart(HEAD, '0');

/** A rank greater than `lo` and less than `hi`; null is the top and the bottom of the column. */
export function rankBetween(lo: string | null, hi: string | null): string {
  if (lo === null) return whole(hi === null ? MIDDLE : headOf(hi) - 1);
  if (hi === null) return whole(headOf(lo) + 1);
  if (lo >= hi) throw new RangeError(`No rank lies between ${lo} and ${hi}`);
  const [from, to] = [headOf(lo), headOf(hi)];
  if (to - from > 1) return whole(Math.floor((from + to) / 2));
  return lo.slice(0, HEAD) + fractionBetween(lo.slice(HEAD), from === to ? hi.slice(HEAD) : null);
}

/** `a` is less than `b`, null is one; neither ends in 0, nor does the answer. */
function fractionBetween(a: string, b: string | null): string {
  if (b !== null) {
    let same = 0;
    while ((a[same] ?? '0') === b[same]) same++;
    if (same > 0) return b.slice(0, same) + fractionBetween(a.slice(same), b.slice(same));
  }
  const low = a ? DIGITS.indexOf(a[0] ?? '') : 0;
  const high = b === null ? DIGITS.length : DIGITS.indexOf(b[0] ?? '');
  if (high - low > 1) return DIGITS[Math.round((low + high) / 2)] ?? '';
  if (b !== null && b.length > 1) return b[0] ?? '';
  return (DIGITS[low] ?? '') + fractionBetween(a.slice(1), null);
}
