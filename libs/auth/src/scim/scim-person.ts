import { isZone } from '@app/kernel';
import { LOCALES } from '../users/users.dto.js';
import { ScimInvalidPath, ScimInvalidValue, ScimNoTarget, ScimReadOnly } from './scim.errors.js';
import { type AttributePath, parsePath, withoutSchema } from './scim-filter.js';
import { URN } from './scim-names.js';
import { addressOf, booleanOf, isObject, lineOf, nameOf, objectOf } from './scim-values.js';
import { type PatchOperation } from './scim-patch.js';

/** What a directory says of a person. Absent: it says nothing of it. */
export type PersonDraft = {
  userName?: string;
  externalId?: string | null;
  isActive?: boolean;
  firstName?: string;
  lastName?: string;
  email?: string;
  zone?: string;
  locale?: string;
};

/** Attributes of RFC 7643 that are nobody's here: what is said of them is passed over, as section 3.3 of RFC 7644 allows. */
const PASSED_OVER = new Set([
  ...['schemas', 'displayname', 'nickname', 'profileurl', 'title', 'usertype', 'preferredlanguage', 'password'],
  ...['phonenumbers', 'ims', 'photos', 'addresses', 'entitlements', 'roles', 'x509certificates'],
  ...['name.formatted', 'name.middlename', 'name.honorificprefix', 'name.honorificsuffix'],
  ...['emails.type', 'emails.primary', 'emails.display'],
]);
const READ_ONLY = new Set(['id', 'meta', 'groups']);

type Setter = (draft: PersonDraft, value: unknown) => void;

// By name, so that a path reaches what stands here and nothing else: no prototype, no field of ours.
const SETTERS: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ['username', (draft, value) => void (draft.userName = nameOf('userName', value))],
  ['externalid', (draft, value) => void (draft.externalId = isAbsent(value) ? null : nameOf('externalId', value))],
  ['active', (draft, value) => void (draft.isActive = booleanOf('active', value))],
  ['name.givenname', (draft, value) => void (draft.firstName = nameOf('name.givenName', value, 100))],
  [
    'name.familyname',
    (draft, value) => void (draft.lastName = isAbsent(value) ? '' : lineOf('name.familyName', value, 100)),
  ],
  ['emails', (draft, value) => void (draft.email = addressOf(value))],
  ['emails.value', (draft, value) => void (draft.email = addressOf(value))],
  ['timezone', (draft, value) => void (draft.zone = zoneOf(value))],
  ['locale', setLocale],
]);

const isAbsent = (value: unknown): boolean => value === null || value === undefined || value === '';

function zoneOf(value: unknown): string {
  const zone = nameOf('timezone', value);
  if (!isZone(zone)) throw new ScimInvalidValue('timezone', 'must be the name of a time zone such as Europe/Berlin');
  return zone;
}

/** Of `en-US` the language; of one that we do not speak, nothing. */
function setLocale(draft: PersonDraft, value: unknown): void {
  const language = lineOf('locale', value).split(/[-_]/)[0]?.toLowerCase() ?? '';
  if (LOCALES.some((locale) => locale === language)) draft.locale = language;
}

/** A whole document: of a POST or a PUT. Its unknown attributes are passed over. */
export function readPerson(body: unknown): PersonDraft {
  const draft: PersonDraft = {};
  take(draft, '', objectOf(body), false);
  return draft;
}

/** What a PUT leaves out is not there any more. */
export const replacing = (draft: PersonDraft): PersonDraft => ({ externalId: null, lastName: '', ...draft });

/** What the operations of a PATCH come to, in their order (RFC 7644, section 3.5.2). */
export function patchPerson(operations: readonly PatchOperation[]): PersonDraft {
  const draft: PersonDraft = {};
  for (const { op, path, value } of operations) {
    if (path === undefined) {
      if (op === 'remove') throw new ScimNoTarget();
      take(draft, '', objectOf(value), false);
    } else take(draft, path, op === 'remove' ? null : value, true);
  }
  return draft;
}

/** `isAsked`: by a path of its own, which must name something that may be changed. */
function take(draft: PersonDraft, path: string, value: unknown, isAsked: boolean): void {
  if (path === '') {
    for (const [key, member] of Object.entries(objectOf(value))) take(draft, key, member, false);
    return;
  }
  if (isOfExtension(path)) return;
  const name = isAsked ? nameIn(parsePath(path)) : nameAt(path);
  if (name === 'name' && isObject(value)) {
    for (const [key, member] of Object.entries(value)) take(draft, `name.${key}`, member, false);
    return;
  }
  const set = name === undefined ? undefined : SETTERS.get(name);
  if (set) set(draft, value);
  else if (isAsked && name !== undefined) refuse(name, path);
}

function refuse(name: string, path: string): void {
  if (READ_ONLY.has(name)) throw new ScimReadOnly(path);
  const attribute = name.split('.')[0] ?? '';
  if (!PASSED_OVER.has(name) && !PASSED_OVER.has(attribute)) throw new ScimInvalidPath(path);
}

const isOfExtension = (path: string): boolean => {
  const name = withoutSchema(path).toLowerCase();
  return name === URN.enterprise.toLowerCase() || name.startsWith(`${URN.enterprise.toLowerCase()}:`);
};

/** In a value without a path Entra writes paths for keys; what is none is passed over. */
function nameAt(key: string): string | undefined {
  try {
    return nameIn(parsePath(key));
  } catch {
    return undefined;
  }
}

/** undefined: one of the addresses, numbers or the like that are not kept. */
function nameIn({ attribute, which, sub }: AttributePath): string | undefined {
  const name = sub ? `${attribute}.${sub}` : attribute;
  if (!which || attribute !== 'emails') return name;
  const isTheOne =
    (which.attribute === 'type' && String(which.value).toLowerCase() === 'work') ||
    (which.attribute === 'primary' && String(which.value).toLowerCase() === 'true');
  return isTheOne ? name : undefined;
}
