import { CURRENCIES, isId, minorDigitsOf } from '@app/kernel';
import { DateTime } from 'luxon';
import { type FieldType, LONGEST_TEXT } from './custom-field.policy.js';

export type FieldOption = { readonly key: string; readonly label: string; readonly isRetired: boolean };

/** Bounds of a value: of a number, of minor units, of the length of a text, of how many are chosen; days for dates. */
export type FieldRules = {
  readonly min?: number | null;
  readonly max?: number | null;
  readonly earliest?: string | null;
  readonly latest?: string | null;
};

/** Of a field, what decides about its values. */
export type FieldTerms = {
  readonly type: FieldType;
  readonly rules: FieldRules;
  readonly options: readonly FieldOption[];
  /** The only currency of a money field, unless any will do. */
  readonly currency: string | null;
};

export type Reading = { readonly value: unknown } | { readonly code: string; readonly message: string };

const fault = (code: string, message: string): Reading => ({ code, message });
const invalid = (message: string): Reading => fault('invalid_value', message);

/** One value as it came, in the form that is stored. `before`: what the record holds now, which it may keep. */
export function readValue(terms: FieldTerms, raw: unknown, before?: unknown): Reading {
  switch (terms.type) {
    case 'text':
      return readText(terms, raw);
    case 'number':
      return readNumber(terms, raw);
    case 'money':
      return readMoney(terms, raw);
    case 'date':
      return readDate(terms, raw);
    case 'instant':
      return readInstant(raw);
    case 'boolean':
      return typeof raw === 'boolean' ? { value: raw } : invalid('must be true or false');
    case 'select':
      return readOption(terms, raw, [before]);
    case 'multi_select':
      return readOptions(terms, raw, before);
    case 'relation':
      return isId(raw) ? { value: raw.toLowerCase() } : invalid('must be the id of a record');
    case 'formula':
      return fault('read_only', 'must be left out: it is computed from other fields');
  }
}

function readText({ rules }: FieldTerms, raw: unknown): Reading {
  if (typeof raw !== 'string') return invalid('must be a string');
  const text = raw.trim().normalize('NFC');
  const { min, max } = { min: rules.min ?? 1, max: rules.max ?? LONGEST_TEXT };
  const isWithin = text.length >= Math.max(min, 1) && text.length <= max;
  return isWithin ? { value: text } : fault('out_of_range', `must have ${min} to ${max} characters`);
}

const EXACT_DIGITS = 15;

/** What JSON says with more digits than double precision holds has been rounded before anybody could look at it. */
function readNumber({ rules }: FieldTerms, raw: unknown): Reading {
  if (typeof raw !== 'number' || !Number.isFinite(raw)) return invalid('must be a number within double precision');
  if (Number(raw.toPrecision(EXACT_DIGITS)) !== raw)
    return fault(
      'not_exact',
      `must have at most ${EXACT_DIGITS} significant digits, which double precision holds exactly`,
    );
  return within(rules, raw, 'be') ?? { value: raw + 0 };
}

function readMoney({ rules, currency: only }: FieldTerms, raw: unknown): Reading {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return invalid('must be { amount, currency }');
  const { amount, currency, ...others } = raw as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) return invalid('must have amount and currency, and nothing else');
  if (typeof currency !== 'string' || !CURRENCIES.includes(currency)) return invalid('must have an ISO 4217 currency');
  if (only && currency !== only) return fault('wrong_currency', `must be in ${only}`);
  if (!Number.isSafeInteger(amount))
    return fault(
      'wrong_exponent',
      `must be whole minor units of ${currency}, which has ${minorDigitsOf(currency)} digits`,
    );
  return within(rules, Number(amount), 'have an amount') ?? { value: { amount: Number(amount) + 0, currency } };
}

function readDate({ rules }: FieldTerms, raw: unknown): Reading {
  if (typeof raw !== 'string' || !isDay(raw)) return invalid('must be a date, YYYY-MM-DD');
  const isWithin = raw >= (rules.earliest ?? raw) && raw <= (rules.latest ?? raw);
  return isWithin ? { value: raw } : fault('out_of_range', `must be ${range(rules.earliest, rules.latest)}`);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** As ISO 8601 has it, with an offset: without one, nobody would know which moment is meant. Kept to the millisecond, in UTC. */
function readInstant(raw: unknown): Reading {
  const instant = typeof raw === 'string' && INSTANT.test(raw) ? DateTime.fromISO(raw, { zone: 'utc' }) : undefined;
  const isKnown = instant?.isValid && instant.year >= 1 && instant.year <= 9999;
  return isKnown
    ? { value: instant.toJSDate().toISOString() }
    : invalid('must be an instant with its offset from UTC, such as 2031-03-03T10:00:00Z');
}

export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith('0000') && DateTime.fromISO(text, { zone: 'utc' }).isValid;

/** A retired option is chosen by nobody anew, and stays where it was. */
function readOption({ options }: FieldTerms, raw: unknown, kept: readonly unknown[]): Reading {
  const option = options.find(({ key }) => key === raw);
  if (option && (!option.isRetired || kept.includes(raw))) return { value: option.key };
  const open = options.filter(({ isRetired }) => !isRetired).map(({ key }) => key);
  return fault('unknown_option', `must be one of ${open.join(', ')}`);
}

function readOptions(terms: FieldTerms, raw: unknown, before: unknown): Reading {
  if (!Array.isArray(raw) || raw.length > terms.options.length) return invalid('must be a list of options');
  const kept = Array.isArray(before) ? (before as unknown[]) : [];
  const readings = raw.map((one) => readOption(terms, one, kept));
  const wrong = readings.find((reading) => 'code' in reading);
  if (wrong) return wrong;
  const chosen = [...new Set(raw as string[])];
  return within(terms.rules, chosen.length, 'choose') ?? { value: chosen };
}

function within({ min, max }: FieldRules, value: number, verb: string): Reading | undefined {
  if (value >= (min ?? value) && value <= (max ?? value)) return undefined;
  return fault('out_of_range', `must ${verb} ${range(min, max)}`);
}

const range = (from: string | number | null | undefined, to: string | number | null | undefined): string =>
  [from != null && `at least ${String(from)}`, to != null && `at most ${String(to)}`].filter(Boolean).join(' and ');
