import type { FieldType } from '../../lists/fields.js';
import { FORMULA, plain } from '../plain-values.js';

/** Indexes of `cellXfs` in `STYLES`. */
const STYLE = { day: 1, instant: 2, text: 3 } as const;

/** By Excel's own limits ("Excel specifications and limits"): UTF-16 units in a cell. */
export const LONGEST_CELL = 32_767;
/** Double precision, and so Excel, holds no more digits of a number exactly. */
const MOST_DIGITS = 15;

const DAY_MS = 86_400_000;
/** The day 0 of the 1900 date system, as it counts from 1 March 1900 on: before, it has a 29 February that never was. */
const DAY_ZERO = Date.UTC(1899, 11, 30);
const FIRST_DAY = 61;
const LAST_DAY = 2_958_465; // 31 December 9999

/** One cell (ECMA-376-1, 18.3.1.4), and nothing for a value that is null. `at`: such as `B7`. */
export function cell(at: string, given: unknown, type: FieldType | undefined): string {
  const value = plain(given);
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return `<c r="${at}" t="b"><v>${value ? 1 : 0}</v></c>`;
  if (value instanceof Date) return dateCell(at, value.getTime(), STYLE.instant) ?? textCell(at, value.toISOString());
  const text = value.toString();
  if (type === 'date' && DAY.test(text)) return dateCell(at, Date.parse(text), STYLE.day) ?? textCell(at, text);
  if (type === 'instant' && INSTANT.test(text))
    return dateCell(at, Date.parse(text), STYLE.instant) ?? textCell(at, text);
  const isNumber = typeof value === 'number' || type === 'number' || type === 'integer';
  return isNumber && isExact(text) ? `<c r="${at}"><v>${text}</v></c>` : textCell(at, text);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** As JSON has it, such as a tenant's own fields do. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/;

const isExact = (text: string): boolean =>
  NUMBER.test(text) && text.replace(/^-?0*\.?0*/, '').replace('.', '').length <= MOST_DIGITS;

function dateCell(at: string, ms: number, style: number): string | undefined {
  const days = (ms - DAY_ZERO) / DAY_MS;
  if (!(days >= FIRST_DAY && days < LAST_DAY + 1)) return undefined;
  return `<c r="${at}" s="${style}"><v>${days}</v></c>`;
}

/** An inline string is never run; one that would be if it were typed keeps the mark of text when it is edited. */
function textCell(at: string, text: string): string {
  const style = FORMULA.test(text) ? ` s="${STYLE.text}"` : '';
  return `<c r="${at}"${style} t="inlineStr"><is><t xml:space="preserve">${escaped(shortened(text))}</t></is></c>`;
}

const shortened = (text: string): string =>
  text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1).replace(/[\ud800-\udbff]$/, '')}…`;

// What XML has no character for, what it would read as a line feed, and what already looks like such an escape.
const UNSAYABLE = /[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;
const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** As `ST_Xstring` (ECMA-376-1, 22.9.2.19) writes characters that XML has none for: `_x000D_`. */
export const escaped = (text: string): string =>
  text
    .replace(UNSAYABLE, (char) => `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/[&<>]/g, (char) => MARKUP[char] ?? char);
