import { isEmail } from 'class-validator';
import { ScimInvalidSyntax, ScimInvalidValue } from './scim.errors.js';

const MOST_TEXT = 254;
const NOT_ONE_LINE = /[\p{Cc}\u2028\u2029]/u;

/** A JSON object whose keys are its own. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws ScimInvalidSyntax */
export function objectOf(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw new ScimInvalidSyntax('The body must be a JSON object');
  return value;
}

/** One trimmed line. @throws ScimInvalidValue */
export function lineOf(attribute: string, value: unknown, most = MOST_TEXT): string {
  if (typeof value !== 'string') throw new ScimInvalidValue(attribute, 'must be text');
  const line = value.trim();
  if (NOT_ONE_LINE.test(line)) throw new ScimInvalidValue(attribute, 'must be one line without control characters');
  if (line.length > most) throw new ScimInvalidValue(attribute, `must have at most ${most} characters`);
  return line;
}

/** The same, not empty. @throws ScimInvalidValue */
export function nameOf(attribute: string, value: unknown, most = MOST_TEXT): string {
  const line = lineOf(attribute, value, most);
  if (line === '') throw new ScimInvalidValue(attribute, 'must not be empty');
  return line;
}

/** Entra sends `"True"` and `"False"`. @throws ScimInvalidValue */
export function booleanOf(attribute: string, value: unknown): boolean {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === true || word === 'true') return true;
  if (word === false || word === 'false') return false;
  throw new ScimInvalidValue(attribute, 'must be true or false');
}

/** The one address that a person has here: the primary one, else that for work, else the first. @throws ScimInvalidValue */
export function addressOf(value: unknown): string {
  const all = (Array.isArray(value) ? value : [value]).map((one: unknown) => (isObject(one) ? one : { value: one }));
  const isOf = (word: string) => (one: Record<string, unknown>) =>
    typeof one.type === 'string' && one.type.toLowerCase() === word;
  const isPrimary = ({ primary }: Record<string, unknown>): boolean => String(primary).toLowerCase() === 'true';
  const address = nameOf('emails', (all.find(isPrimary) ?? all.find(isOf('work')) ?? all[0])?.value);
  if (!isEmail(address)) throw new ScimInvalidValue('emails', 'must hold an e-mail address');
  return address.toLowerCase();
}
