import { defineJob } from '@app/platform';

/** `at`: ISO instant the clock was to be looked at. What it finds then, the clock says itself. */
export const CheckClock = defineJob<{ clockId: string; at: string }>(
  'inquiries.check-clock',
  'Look whether a promise on an inquiry is nearly or really broken, and tell it.',
);

/** `after`: the last inquiry that is done; they go in batches, by id. */
export const RecomputeClocks = defineJob<{ after: string | null }>(
  'inquiries.recompute-clocks',
  'Compute the deadlines of open inquiries anew, after policies or working hours were changed.',
);
