import { Faults } from './faults.js';
import { type Fields, RESERVED_KEYS } from './fields.js';
import { shownFieldsOf, shownNames } from '../field-rights/shown-fields.js';
import { readSort } from './sort.js';

/** What one list offers. Everything that a caller may name is listed here; all else is refused by name. */
export type ListSpec = {
  /** Must hold `id`, the last tie-break of every order. */
  readonly fields: Fields;
  /** As a caller would write it: `-createdAt`. */
  readonly defaultSort: string;
  /** Whether `q` is known. */
  readonly searchable?: boolean;
  /**
   * The fields that `q` looks through, and SQL of the text of each: by what their roles keep from them nobody finds anything.
   */
  readonly searched?: Readonly<Record<string, string>>;
  /** The paths that `include` knows: `company`, `company.owner`. */
  readonly includes?: readonly string[];
  /** The names that `fields` knows; those of `fields` above unless given. */
  readonly outputs?: readonly string[];
  /**
   * What saved views call it: its path, `customers`. Such a list takes `view=`, and with `custom` the tenant's own fields of
   * that kind of record as `cf.<key>`.
   */
  readonly resource?: string | undefined;
  /** The kind of record whose fields its names are, for the rules about these; `resource` unless given. */
  readonly record?: string;
  /** SQL of the column that holds the tenant's own fields. The output is called `customFields`. */
  readonly custom?: string;
  /** Further query keys of this list, with their descriptions; passed through as they came. */
  readonly parameters?: Readonly<Record<string, string>>;
};

/**
 * The list as whoever asks may ask of it. What their roles keep from them is as unknown to it as what never was: neither
 * filter nor order tells that it is there. The same list for everybody else.
 */
export function shownList(spec: ListSpec): ListSpec {
  const kind = spec.record ?? spec.resource;
  const fields = shownFieldsOf(kind, spec.fields);
  if (fields === spec.fields) return spec;
  const outputs = Object.fromEntries(outputsOf(spec).map((name) => [name, name]));
  const isKnown = (word: string): boolean => Object.hasOwn(fields, word.replace(/^-/, ''));
  const defaultSort = spec.defaultSort.split(',').filter(isKnown).join() || 'id';
  return { ...spec, fields, defaultSort, outputs: Object.keys(shownNames(kind, outputs)) };
}

export const outputsOf = (spec: ListSpec): readonly string[] => spec.outputs ?? Object.keys(spec.fields);

/**
 * Called where a list is declared, so that a wrong one stops the boot and not a request.
 * @throws Error naming what is wrong
 */
export function checkSpec(spec: ListSpec): ListSpec {
  const faults = new Faults();
  readSort(spec.defaultSort.split(','), undefined, spec.fields, faults.at('defaultSort'));
  if (faults.any) throw new Error(`A list cannot be sorted by ${spec.defaultSort}`);
  remember(spec);
  const names = [...RESERVED_KEYS, ...Object.keys(spec.fields)];
  const taken = Object.keys(spec.parameters ?? {}).find((key) => names.includes(key));
  if (taken) throw new Error(`The parameter ${taken} is already a key of the list`);
  return spec;
}

const known = new Map<string, ListSpec>();

function remember(spec: ListSpec): void {
  if (!spec.resource) return;
  const before = known.get(spec.resource);
  // what is made of a list, as its export is, has its fields
  if (before && before.fields !== spec.fields) throw new Error(`Two lists are called ${spec.resource}`);
  if (!before) known.set(spec.resource, spec);
}

/** The lists that may be saved as views, by what views call them. */
export const listsByResource = (): ReadonlyMap<string, ListSpec> => known;
