/** `2026-11-28 19:40:11.756+00`, of a year from 1000 to 9999. */
const TO_THE_SECOND = '2026-11-28 19:40:11'.length;
const UTC = '+00';

type Parser = (text: string) => unknown;

/**
 * Reads a timestamptz as PostgreSQL writes it in UTC, to the millisecond; `otherwise` reads all else: other zones, years
 * of fewer or more digits, infinity. Some three times as fast as the driver's own, which took a twelfth of a page of rows.
 */
export const instantParser =
  (otherwise: Parser): Parser =>
  (text) =>
    text.endsWith(UTC) && text[4] === '-' && text[0] !== '0' ? new Date(millisecondsOf(text)) : otherwise(text);

function millisecondsOf(text: string): number {
  const two = (at: number): number => digit(text, at) * 10 + digit(text, at + 1);
  const year = two(0) * 100 + two(2);
  return Date.UTC(year, two(5) - 1, two(8), two(11), two(14), two(17), fractionOf(text));
}

/** The first three digits after the second; PostgreSQL leaves zeros at the end out, and writes up to six. */
function fractionOf(text: string): number {
  const end = text.length - UTC.length;
  let milliseconds = 0;
  for (let at = TO_THE_SECOND + 1, worth = 100; at < end && worth >= 1; at++, worth /= 10)
    milliseconds += digit(text, at) * worth;
  return Math.round(milliseconds);
}

const digit = (text: string, at: number): number => text.charCodeAt(at) - 48;
