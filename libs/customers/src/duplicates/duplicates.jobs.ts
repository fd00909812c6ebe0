import { defineJob } from '@app/platform';

export const ScanDuplicates = defineJob<{ scanId: string }>(
  'customers.scan-duplicates',
  'Look among the next thousand customers for some who are one person.',
);
