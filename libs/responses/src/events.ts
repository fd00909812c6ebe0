import { defineEvent } from '@app/kernel';

type OfResponse = { responseId: string; inquiryId: string; revision: number };

export const ResponseDrafted = defineEvent<OfResponse & { authorId: string }>(
  'responses.drafted',
  'A text was drafted, or changed: this is its revision.',
);
export const ResponseSubmitted = defineEvent<OfResponse & { submittedBy: string }>(
  'responses.submitted',
  'A revision waits for another person to approve it.',
);
export const ResponseApproved = defineEvent<OfResponse & { approvedBy: string; sendAt: string | null }>(
  'responses.approved',
  'A revision may be sent. `sendAt`: when that happens by itself.',
);
export const ResponseApprovalWaived = defineEvent<
  OfResponse & { rule: string; submittedBy: string; sendAt: string | null }
>('responses.approval-waived', 'A rule of the approval policy lets a revision go out without approval.');
export const ResponseRejected = defineEvent<OfResponse & { rejectedBy: string; notes: string }>(
  'responses.rejected',
  'A revision was returned to its author, with what is wrong.',
);
export const ResponseRecalled = defineEvent<OfResponse & { recalledBy: string }>(
  'responses.recalled',
  'A revision was taken back before anybody decided on it.',
);
export const ResponseScheduled = defineEvent<OfResponse & { sendAt: string }>(
  'responses.scheduled',
  'An approved revision goes out at a chosen time.',
);
export const ResponseHeld = defineEvent<OfResponse & { reason: string }>(
  'responses.held',
  'An approved revision did not go out: something happened since its approval that a person must see first.',
);
export const ResponseSent = defineEvent<OfResponse & { messageId: string; sentAt: string }>(
  'responses.sent',
  'The mail server took an answer to the customer.',
);
export const ResponseFailed = defineEvent<OfResponse & { reason: string }>(
  'responses.failed',
  'An answer did not get through to the customer.',
);
export const ResponseDiscarded = defineEvent<OfResponse & { discardedBy: string }>(
  'responses.discarded',
  'A text will never be sent.',
);
