import { definePort } from './port.js';

/** A field of a record that a role may be kept from. */
export type RestrictableField = {
  /** What it is, for who sets the rules. */
  readonly about: string;
  /** Other names under which the same is told, sought or written: who may not see a birthday asks for no month of one. */
  readonly also?: readonly string[];
};

/**
 * The business fields of one kind of record, as its views and bodies name them, of which a tenant's rules may say that a role
 * does not see or does not write them. What says which record it is, and whose, is never among them. The shapes that tell of
 * them are marked with `@Tells`.
 */
export interface RecordFields {
  /** As in permissions and URLs: `customers`. */
  readonly kind: string;
  readonly fields: Readonly<Record<string, RestrictableField>>;
}

export const RecordFieldsPort = definePort<RecordFields>('record-fields');
