import { defineJob } from '@app/platform';

/** `due`: the `closesAt` this job belongs to. Re-opened, or resolved anew, the inquiry has another or none. */
export const CloseResolved = defineJob<{ inquiryId: string; due: string }>(
  'inquiries.close-resolved',
  'Close an inquiry that has been resolved for as long as the tenant lets customers come back.',
);

/** `due`: the `snoozedUntil` this job belongs to. Moved, or awake, the inquiry has another or none. */
export const WakeSnoozed = defineJob<{ inquiryId: string; due: string }>(
  'inquiries.wake-snoozed',
  'Open an inquiry that was put off until now.',
);

export const ReleaseInquiriesOf = defineJob<{ userId: string }>(
  'inquiries.release-inquiries-of',
  'Give the unfinished inquiries of somebody who left back to their teams, a batch of them at a time.',
);
