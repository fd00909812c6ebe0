import { definePermissions } from '@app/kernel';

export const CustomFieldPermissions = definePermissions('custom-fields', {
  read: 'See which fields the company added to its records.',
  manage: 'Add fields to records, change and archive them.',
  readPersonal: 'See and write the values of fields that hold personal data.',
});

export const FIELD_TYPES = [
  'text',
  'number',
  'money',
  'date',
  'instant',
  'boolean',
  'select',
  'multi_select',
  'relation',
  'formula',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export const INDEX_STATES = ['none', 'building', 'ready', 'failed'] as const;
export type IndexState = (typeof INDEX_STATES)[number];

/** Of one kind of record, the archived ones included. */
export const MOST_FIELDS = 200;
/** Each is written to by every change of a record of the tenant. */
export const MOST_INDEXED = 10;
export const MOST_OPTIONS = 100;
export const LONGEST_TEXT = 2_000;

/** What tells few records apart, and what has no single value, is not worth an index. */
export const INDEXABLE: ReadonlySet<FieldType> = new Set([
  ...(['text', 'number', 'money', 'date', 'instant', 'select', 'relation'] as const),
]);
