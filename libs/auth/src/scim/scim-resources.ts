import { withoutSchema } from './scim-filter.js';
import { MOST_RESULTS, SCIM_BASE, URN, USUAL_RESULTS } from './scim-names.js';
import type { ScimGroupView, ScimRefView, ScimResourceQuery, ScimUserView } from './scim.dto.js';

export type UserRow = {
  id: string;
  externalId: string | null;
  userName: string;
  email: string;
  firstName: string;
  lastName: string;
  isActive: boolean;
  zone: string;
  locale: string;
  groups: { id: string; name: string }[];
  createdAt: Date;
  updatedAt: Date;
};
export type GroupRow = {
  id: string;
  externalId: string | null;
  name: string;
  members: { id: string; name: string }[];
  createdAt: Date;
  updatedAt: Date;
};

/** Where resources are found from outside: `origin` is the public one. */
const placeOf = (origin: string, kind: 'Users' | 'Groups', id: string): string =>
  `${origin.replace(/\/$/, '')}${SCIM_BASE}/${kind}/${id}`;

export function toScimUser(origin: string, row: UserRow): ScimUserView {
  const { id, externalId, userName, email, firstName, lastName, isActive, zone, locale, createdAt, updatedAt } = row;
  const formatted = `${firstName} ${lastName}`.trim() || email;
  return {
    schemas: [URN.user],
    id,
    ...(externalId === null ? {} : { externalId }),
    userName,
    name: { givenName: firstName, familyName: lastName, formatted },
    displayName: formatted,
    active: isActive,
    emails: [{ value: email, type: 'work', primary: true }],
    timezone: zone,
    locale,
    groups: row.groups.map((group) => refTo('direct', group)),
    meta: {
      resourceType: 'User',
      created: createdAt,
      lastModified: updatedAt,
      location: placeOf(origin, 'Users', id),
    },
  };
}

export function toScimGroup(
  origin: string,
  { id, externalId, name, members, createdAt, updatedAt }: GroupRow,
): ScimGroupView {
  return {
    schemas: [URN.group],
    id,
    ...(externalId === null ? {} : { externalId }),
    displayName: name,
    members: members.map((member) => refTo('User', member)),
    meta: {
      resourceType: 'Group',
      created: createdAt,
      lastModified: updatedAt,
      location: placeOf(origin, 'Groups', id),
    },
  };
}

const refTo = (type: string, { id, name }: { id: string; name: string }): ScimRefView => ({
  value: id,
  display: name,
  type,
});

const ALWAYS = ['schemas', 'id']; // returned "always": RFC 7643, section 7

/** As `attributes` and `excludedAttributes` ask (RFC 7644, section 3.9), by whole attributes. */
export function trim<T extends object>(resource: T, query: ScimResourceQuery): T {
  if (!query.attributes && !query.excludedAttributes) return resource;
  return Object.fromEntries(Object.entries(resource).filter(([name]) => isKept(name, query))) as T;
}

export function isKept(attribute: string, { attributes, excludedAttributes }: ScimResourceQuery): boolean {
  if (ALWAYS.includes(attribute)) return true;
  const [name, wanted] = [attribute.toLowerCase(), namesIn(attributes)];
  return wanted.length ? wanted.includes(name) : !namesIn(excludedAttributes).includes(name);
}

const namesIn = (list = ''): string[] =>
  list
    .split(',')
    .map((name) => withoutSchema(name.trim()).split('.')[0]?.toLowerCase() ?? '')
    .filter(Boolean);

export type Window = { readonly offset: number; readonly limit: number };

/** RFC 7644, section 3.4.2.4: counts from 1, and what makes no sense counts as the nearest that does. */
export const windowOf = ({
  startIndex = 1,
  count = USUAL_RESULTS,
}: {
  startIndex?: number;
  count?: number;
}): Window => ({
  offset: Math.max(startIndex, 1) - 1,
  limit: Math.min(Math.max(count, 0), MOST_RESULTS),
});

export const listOf = <T>(resources: T[], totalResults: number, { offset }: Window) => ({
  schemas: [URN.list as string],
  totalResults,
  startIndex: offset + 1,
  itemsPerPage: resources.length,
  Resources: resources,
});
