import { defineJob } from '@app/platform';

/** How long an import can be looked at and taken back; then its file and the copies of what it changed go. */
export const IMPORT_DAYS = 30;

export const ForgetImport = defineJob<{ importId: string }>(
  'transfers.forget-import',
  'Delete an import with its file and its rows; what it imported stays.',
);
