import { defineJob } from '@app/platform';

/** `at`: ISO instant that was due when the stage began. Whether it still is, the request and its team's calendar say. */
export type Waiting = { requestId: string; stage: number; at: string };

export const RemindApprovers = defineJob<Waiting>(
  'approvals.remind',
  'Tell those whom a stage waits for that it still does.',
);

export const EscalateApproval = defineJob<Waiting>(
  'approvals.escalate',
  'Let others decide as well on what has waited too long.',
);
