import type { ListSpec } from './list-spec.js';

/** How lists call the tenant's own fields: `cf.<key>`. */
export const CUSTOM = 'cf.';

const NAMING = ['sort', 'fields'] as const;

/** Whether a query string names one of the tenant's own fields: only then is anybody asked which there are. */
export const namesCustomFields = (raw: Readonly<Record<string, string | string[] | undefined>>): boolean =>
  Object.keys(raw).some((key) => key.startsWith(CUSTOM)) ||
  NAMING.some((key) => [raw[key] ?? ''].flat().some((words) => words.includes(CUSTOM)));

/** The same of the JSON of a search or of a view, as a name by itself or among others: `"cf.size"`, `"name,-cf.size"`. */
export const mentionsCustomFields = (body: unknown): boolean => /[",-]cf\./.test(JSON.stringify(body) ?? '');

/** The keys of those of these names that are the tenant's own fields. */
export const customKeys = (names: readonly string[]): readonly string[] =>
  names.filter((name) => name.startsWith(CUSTOM)).map((name) => name.slice(CUSTOM.length));

/** The list with the fields that the tenant added. */
export const withFields = (spec: ListSpec, fields: ListSpec['fields']): ListSpec => ({
  ...spec,
  fields: { ...spec.fields, ...fields },
});
