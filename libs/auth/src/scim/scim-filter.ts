import { ScimInvalidFilter, ScimInvalidPath } from './scim.errors.js';
import { URN } from './scim-names.js';

/** `attribute` in lower case, without the schema's name: names of attributes have no case (RFC 7643, section 2.1). */
export type Condition = { readonly attribute: string; readonly value: string | boolean };

/** `emails[type eq "work"].value`: an attribute, which of its values, and what of them. */
export type AttributePath = {
  readonly attribute: string;
  readonly which: Condition | undefined;
  readonly sub: string | undefined;
};

const MOST_LENGTH = 1000;
const MOST_CONDITIONS = 10;
const SCHEMAS = [URN.user, URN.group].map((urn) => `${urn.toLowerCase()}:`);

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([^\s"[\]]+(?:\[[^[\]]*\](?:\.[A-Za-z]+)?)?))/y;
const PATH = /^([A-Za-z$][A-Za-z0-9_$-]*)(?:\[([^[\]]*)\])?(?:\.([A-Za-z$][A-Za-z0-9_$-]*))?$/;

/**
 * The part of RFC 7644, section 3.4.2.2, that directories ask: comparisons with `eq`, joined by `and`.
 * @throws ScimInvalidFilter for anything else
 */
export function parseFilter(text: string): Condition[] {
  const tokens = tokensOf(text);
  const conditions: Condition[] = [];
  for (let at = 0; at < tokens.length; at += 4) {
    if (at > 0 && tokens[at - 1]?.toLowerCase() !== 'and') throw new ScimInvalidFilter('Conditions are joined by and');
    const [attribute, operator, value] = tokens.slice(at, at + 3);
    if (!attribute || !operator || value === undefined)
      throw new ScimInvalidFilter('A condition is: attribute eq value');
    if (operator.toLowerCase() !== 'eq') throw new ScimInvalidFilter('Attributes are compared by eq alone');
    conditions.push({ attribute: nameOf(attribute), value: literal(value) });
  }
  if (!conditions.length || tokens.length % 4 !== 3) throw new ScimInvalidFilter('The filter ends too early');
  if (conditions.length > MOST_CONDITIONS) throw new ScimInvalidFilter(`At most ${MOST_CONDITIONS} conditions`);
  return conditions;
}

/** The path of a PATCH (RFC 7644, figure 7). @throws ScimInvalidPath, ScimInvalidFilter */
export function parsePath(text: string): AttributePath {
  const bare = withoutSchema(text.trim());
  const found = text.length <= MOST_LENGTH ? PATH.exec(bare) : null;
  if (!found) throw new ScimInvalidPath(text);
  const [, attribute = '', inner, sub] = found;
  const which = inner === undefined ? undefined : parseFilter(inner)[0];
  return { attribute: attribute.toLowerCase(), which, sub: sub?.toLowerCase() };
}

export function withoutSchema(name: string): string {
  const schema = SCHEMAS.find((one) => name.toLowerCase().startsWith(one));
  return schema ? name.slice(schema.length) : name;
}

function tokensOf(text: string): string[] {
  if (text.length > MOST_LENGTH) throw new ScimInvalidFilter(`A filter has at most ${MOST_LENGTH} characters`);
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const found = TOKEN.exec(trimmed);
    if (!found) throw new ScimInvalidFilter('The filter cannot be read');
    tokens.push(found[1] ?? found[2] ?? '');
  }
  return tokens;
}

/** `emails[type eq "work"].value` is asked as `emails.value`: a person has one address here. */
function nameOf(token: string): string {
  const { attribute, sub } = parsePath(token);
  return sub ? `${attribute}.${sub}` : attribute;
}

function literal(token: string): string | boolean {
  if (/^(true|false)$/i.test(token)) return token.toLowerCase() === 'true';
  try {
    const value: unknown = JSON.parse(token);
    if (typeof value === 'string') return value;
  } catch {
    // said below
  }
  throw new ScimInvalidFilter('A value is text in quotation marks, true or false');
}
