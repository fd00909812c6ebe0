import { cursorValue, type Position } from './cursor.js';
import { type Report, token } from './faults.js';
import { columnOf, type Field, fieldOf, type Fields, idOf } from './fields.js';

export type Direction = 'asc' | 'desc';
export type SortKey = { readonly field: Field; readonly direction: Direction };

const MOST_KEYS = 5;

/**
 * Reads `-createdAt,lastName`. `order` gives the direction of keys without a sign. The id is added as the last key, in
 * the direction of the key before it, so that one index serves the whole order in either direction.
 */
export function readSort(
  words: readonly string[],
  order: Direction | undefined,
  fields: Fields,
  report: Report,
): readonly SortKey[] {
  const keys: SortKey[] = [];
  if (words.length > MOST_KEYS) report('too_many_values', `must name at most ${MOST_KEYS} fields`);
  for (const word of words.slice(0, MOST_KEYS)) {
    const name = word.replace(/^-/, '');
    const field = fieldOf(fields, name);
    if (!field?.sortable) report('unknown_field', `There is no field ${token(name)} to sort by`);
    else if (keys.some((key) => key.field === field)) report('invalid_value', `names ${name} twice`);
    else keys.push({ field, direction: word !== name ? 'desc' : (order ?? 'asc') });
    if (order && word !== name) report('invalid_value', 'must give the direction by sign or by order, not by both');
  }
  const id = idOf(fields);
  const end = keys.findIndex((key) => key.field === id);
  if (end >= 0) return keys.slice(0, end + 1);
  return [...keys, { field: id, direction: keys.at(-1)?.direction ?? 'asc' }];
}

/** PostgreSQL's own places for null (last when ascending, first when descending): a plain index serves both. */
export const orderBy = (keys: readonly SortKey[]): string =>
  keys.map(({ field, direction }) => `${columnOf(field)} ${direction}`).join(', ');

/**
 * SQL for the rows after `position`, in parts that follow each other, each given the parameters it adds to. Values and nulls
 * of the leading key are parts of their own: together they are no range of an index, which would be read from its beginning.
 */
export function partsAfter(keys: readonly SortKey[], position: Position): readonly ((params: unknown[]) => string)[] {
  const [first, ...others] = keys;
  const isAtNull = position[0] === null;
  if (!first?.field.nullable || (first.direction === 'asc') === isAtNull)
    return [(params) => after(keys, position, params)];
  const column = columnOf(first.field);
  if (isAtNull)
    return [
      (params) => `${column} is null and ${after(others, position.slice(1), params)}`,
      () => `${column} is not null`,
    ];
  const ofValues = { ...first, field: { ...first.field, nullable: false } };
  return [(params) => after([ofValues, ...others], position, params), () => `${column} is null`];
}

/**
 * SQL that holds for the rows after `position`. Where all directions agree it is one row comparison, which is one range
 * of an index; else it is spelt out key by key, with the range of the leading key in front of it.
 */
function after(keys: readonly SortKey[], position: Position, params: unknown[]): string {
  const places = keys.map(({ field }, at) => placeholder(field, position[at] ?? null, params));
  if (isOneRange(keys, position)) {
    const sign = keys[0]?.direction === 'desc' ? '<' : '>';
    return `(${keys.map(({ field }) => columnOf(field)).join(', ')}) ${sign} (${places.join(', ')})`;
  }
  const steps = keys.map((key, at) => {
    const same = keys.slice(0, at).map(({ field }, before) => isSame(field, places[before] ?? null));
    return [...same, isBeyond(key, places[at] ?? null)].join(' and ');
  });
  const range = leadingRange(keys[0], places[0] ?? null);
  return `${range}(${steps.map((step) => `(${step})`).join(' or ')})`;
}

/** Null is greater than every value, and a row comparison loses it: only descending order may meet one unharmed. */
function isOneRange(keys: readonly SortKey[], position: Position): boolean {
  const agree = keys.every(({ direction }) => direction === keys[0]?.direction);
  const noNull = keys.every(
    ({ field, direction }, at) => !field.nullable || (direction === 'desc' && position[at] !== null),
  );
  return agree && noNull;
}

function placeholder(field: Field, text: string | null, params: unknown[]): string | null {
  if (text === null) return null;
  params.push(cursorValue(field, text));
  return `$${params.length}${field.cast && `::${field.cast}`}`;
}

const isSame = (field: Field, place: string | null): string =>
  place === null ? `${columnOf(field)} is null` : `${columnOf(field)} = ${place}`;

function isBeyond({ field, direction }: SortKey, place: string | null): string {
  const column = columnOf(field);
  if (direction === 'desc') return place === null ? `${column} is not null` : `${column} < ${place}`;
  if (place === null) return 'false';
  return field.nullable ? `(${column} > ${place} or ${column} is null)` : `${column} > ${place}`;
}

function leadingRange(key: SortKey | undefined, place: string | null): string {
  if (!key || place === null || (key.field.nullable && key.direction === 'asc')) return '';
  return `${columnOf(key.field)} ${key.direction === 'desc' ? '<=' : '>='} ${place} and `;
}
