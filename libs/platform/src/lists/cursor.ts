import { hash } from 'node:crypto';
import { DateTime } from 'luxon';
import { isCleanText } from './faults.js';
import { columnOf, type Field } from './fields.js';
import { isDay } from './values.js';

/** The sort values of the last row seen, as PostgreSQL's own text (every type survives that unchanged), the id last. */
export type Position = readonly (string | null)[];

const VERSION = 1;
const LONGEST_CURSOR = 8_192;

/** The column as text that a cursor can carry and `cursorValue` can give back, whatever the session's time zone. */
export const keyText = (field: Field): string =>
  field.type === 'instant' ? `(${columnOf(field)} at time zone 'UTC')::text` : `(${columnOf(field)})::text`;

export const cursorValue = (field: Field, text: string): string => (field.type === 'instant' ? `${text}Z` : text);

/** What a cursor belongs to: the same filter, search and order, in a form that is equal when they are. */
export const fingerprintOf = (asked: unknown): string =>
  hash('sha256', JSON.stringify(asked), 'base64url').slice(0, 16);

export const encodeCursor = (position: Position, fingerprint: string): string =>
  Buffer.from(JSON.stringify([VERSION, fingerprint, ...position])).toString('base64url');

/**
 * A cursor is not signed: it can only say where to go on in a list that its bearer may read anyway. It is checked down
 * to each value instead, so that no forged one reaches PostgreSQL as a malformed value.
 */
export function decodeCursor(
  text: string,
  fingerprint: string,
  keys: readonly Field[],
): Position | 'malformed' | 'other' {
  const [version, belongsTo, ...position] = unpack(text);
  if (version !== VERSION) return 'malformed';
  if (belongsTo !== fingerprint) return 'other';
  const fits = position.length === keys.length && keys.every((key, at) => isKeyOf(key, position[at]));
  return fits ? (position as Position) : 'malformed';
}

function unpack(text: string): unknown[] {
  if (text.length > LONGEST_CURSOR || !/^[\w-]+$/.test(text)) return [];
  try {
    const unpacked: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(unpacked) ? unpacked : [];
  } catch {
    return [];
  }
}

function isKeyOf(field: Field, value: unknown): boolean {
  if (value === null) return field.nullable;
  if (typeof value !== 'string' || !isCleanText(value)) return false;
  switch (field.type) {
    case 'text':
      return true;
    case 'enum':
      return field.values.includes(value);
    case 'id':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
    case 'integer':
      return /^-?\d{1,19}$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value);
    case 'number':
      return isNumeric(value);
    case 'boolean':
      return value === 'true' || value === 'false';
    case 'instant':
      return (
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/.test(value) && DateTime.fromSQL(value).isValid && value >= '0001'
      );
    case 'date':
      return isDay(value);
  }
}

/** Within what both numeric and double precision can hold: PostgreSQL refuses a double that under- or overflows. */
function isNumeric(text: string): boolean {
  if (!/^-?\d{1,310}(\.\d{1,330})?(e[+-]\d{1,3})?$/.test(text)) return false;
  const size = Math.abs(Number(text));
  return Number.isFinite(size) && (size > 0 || /^-?[0.]+$/.test(text));
}
