import type { FieldRights } from '@app/kernel';
import { type Fields } from '../lists/fields.js';
import { currentScope } from '../scope/index.js';

/** What whoever acts is limited in; undefined for most, and where nobody acts. */
export const currentFieldRights = (): FieldRights | undefined => currentScope()?.actor?.fieldRights;

/** `cf.price.amount` is a part of `cf.price`. */
const PART = /^(cf\.[^.]+)\./;

export const isHiddenName = (hidden: ReadonlySet<string>, name: string): boolean =>
  hidden.has(name) || hidden.has(PART.exec(name)?.[1] ?? name);

/** The fields of a list or a condition that whoever acts may ask for: the others are not known to them. */
export function shownFieldsOf(kind: string | undefined, fields: Fields, rights = currentFieldRights()): Fields {
  const hidden = kind === undefined ? undefined : rights?.hiddenOf(kind);
  if (!hidden?.size) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !isHiddenName(hidden, name)));
}

/** Of the outputs of a list, or the columns of a file, those that may be told. */
export function shownNames<T>(
  kind: string | undefined,
  outputs: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const hidden = kind === undefined ? undefined : currentFieldRights()?.hiddenOf(kind);
  if (!hidden?.size) return outputs;
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !isHiddenName(hidden, name)));
}
