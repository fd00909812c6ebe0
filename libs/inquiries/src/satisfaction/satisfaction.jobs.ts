import { defineJob } from '@app/platform';

/** `resolvedAt`: the resolution this job belongs to. Re-opened, or resolved anew, the inquiry has another or none. */
export const AskSatisfaction = defineJob<{ inquiryId: string; resolvedAt: string }>(
  'inquiries.ask-satisfaction',
  'Ask the customer how content they are with an inquiry that has stayed resolved for an hour.',
);
/** Time to see that something is still open. */
export const ASK_AFTER_MS = 3_600_000;
