import { currentFieldRights } from '../field-rights/shown-fields.js';
import { definePort } from './port.js';

/** What a fact is now: `value` is compared, `text` is what people read. Null: there is no such thing at the moment. */
export type Fact = { readonly value: string | null; readonly text: string };

/**
 * Facts of one kind of record that a text may quote as `{{inquiry.sla.dueAt}}`, and that are read again before it is sent.
 * The first part of a name is the record's.
 */
export interface FactSource {
  /** `inquiry`: the record's name, and the first part of the names. */
  readonly record: string;
  /** Every name, in full, and what it stands for. */
  readonly facts: Readonly<Record<string, string>>;
  /** Of those that tell of a field which a role may be kept from: the kind of record and the fields. */
  readonly tells?: Readonly<Record<string, { readonly record: string; readonly fields: readonly string[] }>>;
  /**
   * These facts of one record as they stand. With `hold`, in the open transaction: they stay so until it ends, whoever would
   * change one waits. What is not there has none.
   */
  read(id: string, names: readonly string[], hold: boolean): Promise<Readonly<Record<string, Fact>>>;
}

/** The facts that whoever acts may quote: none of a field that their roles keep from them. */
export function quotableFacts({ facts, tells = {} }: FactSource): string[] {
  const rights = currentFieldRights();
  const names = Object.keys(facts);
  if (!rights) return names;
  return names.filter((name) => {
    const told = Object.hasOwn(tells, name) ? tells[name] : undefined;
    return !told?.fields.some((field) => rights.hiddenOf(told.record).has(field));
  });
}

export const FactPort = definePort<FactSource>('fact');
