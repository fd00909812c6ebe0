import type { FieldFault, FieldRights } from '@app/kernel';
import { CUSTOM } from '../lists/tenant-fields.js';
import type { Shape } from './shape.js';
import { RECORD, type Telling } from './tells.js';

type Names = ReadonlySet<string>;
type Values = Readonly<Record<string, unknown>>;
/** Which names of a kind of record are in question: the hidden ones, or those that are not taken. */
type Limits = (kind: string) => Names;

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const CUSTOM_FIELDS = 'customFields';

/** The value without what is hidden: a copy wherever something is left out, and itself elsewhere. */
export function withoutHidden(value: unknown, shape: Shape | undefined, rights: FieldRights): unknown {
  if (!shape || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return shape.items ? value.map((one) => withoutHidden(one, shape.items, rights)) : value;
  if (!isObject(value)) return value;
  const limits: Limits = (kind) => rights.hiddenOf(kind);
  const shown = Object.entries(value).flatMap(([member, content]): [string, unknown][] => {
    if (shape.tellings.some((telling) => isLimited(telling, member, limits))) return [];
    const inner = without(
      content,
      recordKinds(shape, member).flatMap((kind) => [...limits(kind)]),
    );
    return [[member, withoutHidden(inner, shape.members.get(member), rights)]];
  });
  return Object.fromEntries(shown);
}

/** Each member of a body that is not the caller's to write, with where it stands. */
export function fixedIn(value: unknown, shape: Shape | undefined, rights: FieldRights, pointer = ''): FieldFault[] {
  if (!shape || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one, at) => fixedIn(one, shape.items, rights, `${pointer}/${at}`));
  const limits: Limits = (kind) => rights.fixedOf(kind);
  return Object.entries(value).flatMap(([member, content]) => {
    const at = `${pointer}/${token(member)}`;
    if (shape.tellings.some((telling) => isLimited(telling, member, limits))) return [fault(at)];
    const kinds = recordKinds(shape, member);
    const inside = kinds.flatMap((kind) => [
      ...namesIn(content, limits(kind)).map((name) => fault(`${at}/${token(name)}`)),
      ...(isObject(content) ? fixedValues(content[CUSTOM_FIELDS], limits(kind), `${at}/${CUSTOM_FIELDS}`) : []),
    ]);
    const ofOwn = shape.tellings
      .filter(({ members }) => !members && member === CUSTOM_FIELDS)
      .flatMap(({ kind }) => fixedValues(content, limits(kind), at));
    return [...inside, ...ofOwn, ...fixedIn(content, shape.members.get(member), rights, at)];
  });
}

/** Of a document that is given whole, the members that the caller may not give: those that it leaves out would be emptied. */
export function fixedOfWhole(shape: Shape | undefined, rights: FieldRights): FieldFault[] {
  if (!shape) return [];
  const limits: Limits = (kind) => rights.fixedOf(kind);
  return [...shape.members.keys()]
    .filter((member) => shape.tellings.some((telling) => !telling.members && isLimited(telling, member, limits)))
    .map((member) => fault(`/${token(member)}`));
}

/** Of an answer that no document describes: these names, wherever they stand. */
export function withoutNames(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutNames(one, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, content]) =>
      names.has(name) ? [] : [[name, withoutNames(content, names)] as const],
    ),
  );
}

/** Of such a body: its members of these names. */
export const faultsOfNames = (value: unknown, names: Names): FieldFault[] =>
  namesIn(value, names).map((name) => fault(`/${token(name)}`));

function isLimited({ kind, members }: Telling, member: string, limits: Limits): boolean {
  if (!members) return limits(kind).has(member);
  const told = Object.hasOwn(members, member) ? members[member] : undefined;
  return told !== undefined && told !== RECORD && told.some((name) => limits(kind).has(name));
}

const recordKinds = ({ tellings }: Shape, member: string): string[] =>
  tellings
    .filter(({ members }) => members && Object.hasOwn(members, member) && members[member] === RECORD)
    .map(({ kind }) => kind);

const namesIn = (value: unknown, names: Names): string[] =>
  isObject(value) ? Object.keys(value).filter((name) => names.has(name)) : [];

const fixedValues = (values: unknown, names: Names, at: string): FieldFault[] =>
  isObject(values)
    ? Object.keys(values)
        .filter((key) => names.has(`${CUSTOM}${key}`))
        .map((key) => fault(`${at}/${token(key)}`))
    : [];

const without = (value: unknown, names: readonly string[]): unknown => {
  if (names.length === 0 || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
};

const token = (name: string): string => name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');

const fault = (pointer: string): FieldFault => ({
  pointer,
  code: 'field_forbidden',
  message: 'is not yours to write',
});
