import { defineJob } from '@app/platform';

/** `due`: the message's `notBefore` that this job belongs to. Put off or sent meanwhile, the job no longer applies. */
export const Deliver = defineJob<{ messageId: string; due: string }>(
  'messaging.deliver',
  'Hand a queued message to the mail server.',
);

export const SettleLease = defineJob<{ messageId: string; fence: string }>(
  'messaging.settle-lease',
  'When an attempt has not ended by the end of its lease: queue the message again if nothing was handed over, else mark it unknown.',
);
