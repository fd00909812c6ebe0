import { defineJob } from '@app/platform';

/** `sendAt`: the sending that this job belongs to. Cancelled, put off or edited meanwhile, it no longer applies. */
export const SendResponse = defineJob<{ responseId: string; revision: number; sendAt: string }>(
  'responses.send',
  'Send an approved response when its time to undo is over, or its scheduled time has come.',
);
