import { defineJob } from '@app/platform';

export const ScanFile = defineJob<{ versionId: string }>(
  'records.scan-file',
  'Look into a file that somebody added, before anybody gets it.',
);

/** Left by a trigger for each version that is deleted, whatever deleted it, and where no version came of an upload. */
export const ForgetBytes = defineJob<{ hash: string }>(
  'records.forget-bytes',
  'Remove stored bytes that no row names any more.',
);
