import { defineJob } from '@app/platform';

export const KeepFieldIndex = defineJob<{ fieldId: string }>(
  'records.keep-field-index',
  'Build the index of a custom field that wants one, and drop the one of a field that does not.',
);

export const ConvertField = defineJob<{ fieldId: string; after: string | null }>(
  'records.convert-field',
  'Convert some more values of a custom field to its new type.',
);
