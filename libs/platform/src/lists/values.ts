import { isId } from '@app/kernel';
import { DateTime } from 'luxon';
import { isCleanText } from './faults.js';
import type { Field, Operator } from './fields.js';

/** A day counted from today in the reader's zone, or (`h`) an instant counted from now: `7d`, `24h`, `2w`, `3m`, `1y`. */
export type Relative = { readonly last: string } | { readonly next: string };
export type Scalar = string | number | boolean;
export type Value = Scalar | Relative | readonly Scalar[];

/** When and where a relative date is meant: `zone` is the tenant's IANA zone. */
export type Moment = { readonly now: Date; readonly zone: string };

/** Either the value in its canonical form, or what the sender should be told. */
export type Reading = { readonly value: Scalar | Relative } | { readonly fault: string };

const LONGEST_TEXT = 500;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const SPAN = /^(\d{1,3})([hdwmy])$/;
const RANGES: readonly Operator[] = ['gt', 'gte', 'lt', 'lte'];

/** Reads one value from JSON. Nothing is converted: `"1"` is no integer. */
export function readJson(field: Field, operator: Operator, raw: unknown): Reading {
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return readRelative(field, operator, raw);
  switch (field.type) {
    case 'integer':
      return Number.isSafeInteger(raw) ? { value: Number(raw) + 0 } : { fault: 'must be a whole number' };
    case 'number':
      return Number.isFinite(raw) ? { value: Number(raw) + 0 } : { fault: 'must be a number' };
    case 'boolean':
      return typeof raw === 'boolean' ? { value: raw } : { fault: 'must be true or false' };
    default:
      return typeof raw === 'string' ? readWord(field, operator, raw) : { fault: 'must be a string' };
  }
}

/** Reads one value from a query string, where everything is text. `last:7d` and `next:3d` stand for relative dates. */
export function readText(field: Field, operator: Operator, raw: string): Reading {
  const relative = /^(last|next):(.*)$/.exec(raw);
  if (relative && isTime(field)) return readRelative(field, operator, { [relative[1] ?? '']: relative[2] });
  switch (field.type) {
    case 'integer':
      return readJson(field, operator, /^-?\d{1,16}$/.test(raw) ? Number(raw) : raw);
    case 'number':
      return readJson(field, operator, /^-?\d{1,15}(\.\d{1,15})?$/.test(raw) ? Number(raw) : raw);
    case 'boolean':
      return readJson(field, operator, raw === 'true' || (raw === 'false' ? false : raw));
    default:
      return readWord(field, operator, raw);
  }
}

const isTime = (field: Field): boolean => field.type === 'instant' || field.type === 'date';

function readWord(field: Field, operator: Operator, raw: string): Reading {
  if (!isCleanText(raw)) return { fault: 'must be text without NUL or lone surrogates' };
  switch (field.type) {
    case 'enum':
      return field.values.includes(raw) ? { value: raw } : { fault: `must be one of ${field.values.join(', ')}` };
    case 'id':
      return isId(raw) ? { value: raw.toLowerCase() } : { fault: 'must be a UUID' };
    case 'date':
      return isDay(raw) ? { value: raw } : { fault: 'must be a date, YYYY-MM-DD' };
    case 'instant':
      return readInstant(operator, raw);
    default:
      if (!raw || raw.length > LONGEST_TEXT) return { fault: `must have 1 to ${LONGEST_TEXT} characters` };
      return { value: raw };
  }
}

function readInstant(operator: Operator, raw: string): Reading {
  // A day at either end of the four-digit years could begin or end outside of them, which PostgreSQL does not read.
  if (isDay(raw) && !/^(0001|9999)/.test(raw)) {
    return RANGES.includes(operator)
      ? { value: raw }
      : { fault: 'must be an instant; for a whole day use gte and lte' };
  }
  const instant = INSTANT.test(raw) ? DateTime.fromISO(raw, { zone: 'utc' }) : undefined;
  if (!instant?.isValid || instant.year < 1 || instant.year > 9999) {
    return { fault: 'must be an ISO 8601 instant with Z or an offset, or a date' };
  }
  return { value: instant.toJSDate().toISOString() };
}

export const isDay = (text: string): boolean =>
  DAY.test(text) && !text.startsWith('0000') && DateTime.fromISO(text, { zone: 'utc' }).isValid;

function readRelative(field: Field, operator: Operator, raw: object): Reading {
  const [[key, span] = [], ...others] = Object.entries(raw);
  const isOne = others.length === 0 && (key === 'last' || key === 'next');
  if (!isTime(field) || !isOne || operator === 'in' || operator === 'nin') return { fault: 'must be a plain value' };
  const unit = typeof span === 'string' ? SPAN.exec(span)?.[2] : undefined;
  if (!unit) return { fault: 'must be a span such as 7d, 2w, 3m or 1y, or 24h' };
  if (field.type === 'date' && unit === 'h') return { fault: 'must be a span of days, since the field is a date' };
  if (field.type === 'instant' && !RANGES.includes(operator)) return { fault: 'must stand with gt, gte, lt or lte' };
  return { value: key === 'last' ? { last: span as string } : { next: span as string } };
}

/** The day or, for hours, the instant that a relative value means. */
function absolute(value: Relative, { now, zone }: Moment): string {
  const [span, sign] = 'last' in value ? [value.last, -1] : [value.next, 1];
  const [, count, unit] = SPAN.exec(span) ?? [];
  const steps = Number(count) * sign;
  const from = DateTime.fromJSDate(now, { zone });
  if (unit === 'h') return from.plus({ hours: steps }).toUTC().toISO() ?? '';
  const step = { d: { days: steps }, w: { weeks: steps }, m: { months: steps }, y: { years: steps } }[unit ?? 'd'];
  return from.plus(step ?? {}).toISODate() ?? '';
}

/**
 * The plain value to compare with. Where a day is compared with an instant, `gte` and `lt` mean its first moment in the
 * zone, `gt` and `lte` its last millisecond: `lte 2026-01-31` includes all of the 31st.
 */
export function resolve(field: Field, operator: Operator, value: Scalar | Relative, moment: Moment): Scalar {
  const plain = typeof value === 'object' ? absolute(value, moment) : value;
  if (field.type !== 'instant' || !DAY.test(String(plain))) return plain;
  const isEnd = operator === 'gt' || operator === 'lte';
  const edge = firstMoment(DateTime.fromISO(String(plain), { zone: 'utc' }).plus({ days: isEnd ? 1 : 0 }), moment.zone);
  return new Date(edge - (isEnd ? 1 : 0)).toISOString();
}

/** In milliseconds. Where clocks go back at midnight that comes twice, and where they go forward then it never comes. */
function firstMoment({ year, month, day }: DateTime, zone: string): number {
  const midnights = DateTime.fromObject({ year, month, day }, { zone }).getPossibleOffsets();
  return Math.min(...midnights.map((midnight) => midnight.toMillis()));
}

/** `%`, `_` and `\` of the text stand for themselves in LIKE and ILIKE. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
