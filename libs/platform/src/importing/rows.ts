import { DomainError, isId, RuleBroken } from '@app/kernel';
import type { Type } from '@nestjs/common';
import { InputPipe, InvalidRequest } from '../http/index.js';
import { CUSTOM } from '../lists/tenant-fields.js';
import type { ImportRefusal, ImportValues } from '../ports/index.js';

/** A cell as text; undefined where it said nothing. */
export const cellText = (values: ImportValues, name: string): string | undefined =>
  values[name] === undefined ? undefined : String(values[name]);

/** A cell that holds an id, in its usual form; undefined where it holds none. */
export function idCell(values: ImportValues, name: string): string | undefined {
  const id = cellText(values, name)?.toLowerCase();
  return id && isId(id) ? id : undefined;
}

/** Of what a row says the part that a body says in the same words. */
export const given = (values: ImportValues, names: readonly string[]): ImportValues =>
  Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));

const INPUT = new InputPipe();

/** As the body of a request is judged. @throws InvalidRequest */
export const shapedAs = async <T>(metatype: Type<T>, body: object): Promise<T> =>
  (await INPUT.transform(body, { type: 'body', metatype })) as T;

/** Refuses a row by one of its fields. */
export function refuseRow(field: string, code: string, message: string): never {
  throw new RuleBroken(code, message, { errors: [{ pointer: `/${field}`, code, message }] });
}

/** Why a row is refused, in the words in which one record is. @throws what is no refusal of the domain */
export function importRefusal(error: unknown): ImportRefusal {
  if (!(error instanceof DomainError)) throw error;
  const [fault] = error.details.errors ?? [];
  const code = error instanceof InvalidRequest && fault ? fault.code : error.code;
  return { code, detail: fault?.message ?? error.message, field: fieldOf(fault?.pointer) };
}

/** `/customFields/renewal` is the column's `cf.renewal`. */
function fieldOf(pointer: string | undefined): string | undefined {
  const [, name, key] = pointer?.split('/') ?? [];
  return name === 'customFields' && key ? `${CUSTOM}${key}` : name;
}
