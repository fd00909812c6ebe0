import type { Comparison, Condition } from './condition.js';
import { knownField } from './condition-sql.js';
import type { Field, Fields, Operator } from './fields.js';
import { type Moment, resolve, type Scalar, type Value } from './values.js';

/** Own properties by field name (`cf.size` is one name, not a path). What is absent is null. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * The truth of a condition that `parseCondition` returned, with the same meaning as its SQL: the database's rows for
 * which `compile` holds are those for which this is true. A fact whose type is not the field's counts as null.
 */
export function evaluate(condition: Condition, record: Facts, fields: Fields, moment: Moment): boolean {
  if ('not' in condition) return !evaluate(condition.not, record, fields, moment);
  if ('all' in condition) return condition.all.every((member) => evaluate(member, record, fields, moment));
  if ('any' in condition) return condition.any.some((member) => evaluate(member, record, fields, moment));
  const field = knownField(fields, condition.field);
  if (field.among) return holdsAmong(field, condition, record, moment);
  const fact = Object.hasOwn(record, field.name) ? factOf(field, record[field.name]) : null;
  return holds(field, condition, fact, moment);
}

/** What a record has many of is a list among its facts. */
function holdsAmong(field: Field, { op, value }: Comparison, record: Facts, moment: Moment): boolean {
  const given: unknown = Object.hasOwn(record, field.name) ? record[field.name] : [];
  const facts = (Array.isArray(given) ? given : []).map((one) => factOf(field, one)).filter((fact) => fact !== null);
  if (op === 'null') return (facts.length === 0) === value;
  const isSome = facts.some((fact) => holds(field, { field: field.name, op: POSITIVE[op] ?? op, value }, fact, moment));
  return op === 'ne' || op === 'nin' ? !isSome : isSome;
}

const POSITIVE: Partial<Record<Operator, Operator>> = { ne: 'eq', nin: 'in' };

function holds(field: Field, { op, value }: Comparison, fact: Scalar | null, moment: Moment): boolean {
  if (op === 'null') return (fact === null) === value;
  if (fact === null) return op === 'ne' || op === 'nin';
  const one = (): Scalar => comparable(field, resolve(field, op, value as Exclude<Value, readonly Scalar[]>, moment));
  const isAmong = (): boolean => (value as readonly Scalar[]).some((each) => comparable(field, each) === fact);
  switch (op) {
    case 'eq':
      return fact === one();
    case 'ne':
      return fact !== one();
    case 'in':
      return isAmong();
    case 'nin':
      return !isAmong();
    case 'gt':
      return fact > one();
    case 'gte':
      return fact >= one();
    case 'lt':
      return fact < one();
    case 'lte':
      return fact <= one();
    case 'contains':
      return lower(String(fact)).includes(lower(String(one())));
    case 'starts':
      return lower(String(fact)).startsWith(lower(String(one())));
  }
}

const comparable = (field: Field, value: Scalar): Scalar =>
  field.type === 'instant' ? Date.parse(String(value)) : value;

/** Drivers give bigint and numeric columns as text and dates as text or Date: all are taken. */
function factOf(field: Field, raw: unknown): Scalar | null {
  if (raw === null || raw === undefined) return null;
  switch (field.type) {
    case 'integer':
    case 'number':
      return numberOf(raw);
    case 'boolean':
      return typeof raw === 'boolean' ? raw : null;
    case 'instant':
      return instantOf(raw);
    case 'date':
      return raw instanceof Date ? raw.toISOString().slice(0, 10) : textOf(raw);
    case 'id':
      return textOf(raw)?.toLowerCase() ?? null;
    default:
      return textOf(raw);
  }
}

const textOf = (raw: unknown): string | null => (typeof raw === 'string' ? raw : null);

function numberOf(raw: unknown): number | null {
  const number = typeof raw === 'number' || (typeof raw === 'string' && raw.trim()) ? Number(raw) : NaN;
  return Number.isNaN(number) ? null : number;
}

function instantOf(raw: unknown): number | null {
  const time = raw instanceof Date ? raw.getTime() : typeof raw === 'string' ? Date.parse(raw) : NaN;
  return Number.isNaN(time) ? null : time;
}

/**
 * PostgreSQL folds letter by letter and independent of context; toLowerCase of a whole string would give a final sigma
 * and two letters for a dotted capital I.
 */
const lower = (text: string): string =>
  /^[\0-\x7f]*$/.test(text)
    ? text.toLowerCase()
    : Array.from(text, (letter) => String.fromCodePoint(letter.toLowerCase().codePointAt(0) ?? 0)).join('');
