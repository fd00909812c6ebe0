import { defineJob } from '@app/platform';

export const ForgetExport = defineJob<{ exportId: string }>(
  'transfers.forget-export',
  'Delete an export with its file; that it was made stays on record.',
);
