import { defineJob } from '@app/platform';

export const WorkOnJob = defineJob<{ jobId: string }>(
  'transfers.work-on-job',
  'Do the next part of what takes longer than a request.',
);
