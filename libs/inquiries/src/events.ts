import { defineEvent } from '@app/kernel';

type OfInquiry = { inquiryId: string };
type OfClock = OfInquiry & { clock: 'first_response' | 'next_response' | 'resolution'; dueAt: string };

export const InquiryCreated = defineEvent<
  OfInquiry & { customerId: string; teamId: string | null; channel: string; followUpOf: string | null }
>('inquiries.created', 'A customer asked something new.');

export const InquiryUpdated = defineEvent<OfInquiry>(
  'inquiries.updated',
  'Subject, priority, category or channel of an inquiry changed.',
);

export const InquiryAssigned = defineEvent<
  OfInquiry & { assignedTo: string | null; teamId: string | null; previous: string | null }
>('inquiries.assigned', 'An inquiry was taken, given to somebody or given back.');

export const InquiryMovedToTeam = defineEvent<OfInquiry & { teamId: string | null; previous: string | null }>(
  'inquiries.moved-to-team',
  'An inquiry belongs to another team, or to none.',
);

export const CustomerReplied = defineEvent<OfInquiry & { customerId: string; messageSeq: number; at: string }>(
  'inquiries.customer-replied',
  'The customer wrote again in an inquiry.',
);

export const InquiryAnswered = defineEvent<OfInquiry & { responseId: string; messageSeq: number; at: string }>(
  'inquiries.answered',
  'An answer left for the customer and stands in the inquiry.',
);

export const InquiryNoted = defineEvent<OfInquiry & { messageSeq: number; authorId: string }>(
  'inquiries.noted',
  'Somebody left an internal note in an inquiry.',
);

export const InquiryStatusChanged = defineEvent<OfInquiry & { customerId: string; from: string; to: string }>(
  'inquiries.status-changed',
  'An inquiry moved on to another status.',
);

export const InquiryReopened = defineEvent<OfInquiry & { by: 'customer' | 'staff'; reopenCount: number }>(
  'inquiries.reopened',
  'An inquiry that waited or was over is open again.',
);

export const InquiryMerged = defineEvent<OfInquiry & { into: string }>(
  'inquiries.merged',
  'An inquiry goes on in another one, where what was written in it is read.',
);

export const InquiryUnmerged = defineEvent<OfInquiry & { from: string }>(
  'inquiries.unmerged',
  'A merge was taken back: the inquiry stands by itself again, as it was.',
);

export const InquirySplit = defineEvent<OfInquiry & { messageId: string; into: string }>(
  'inquiries.split',
  'A message of an inquiry became an inquiry of its own.',
);

export const InquirySnoozed = defineEvent<OfInquiry & { until: string }>(
  'inquiries.snoozed',
  'An inquiry is put off until a time, or until the customer writes.',
);

export const InquiryWoken = defineEvent<OfInquiry & { by: 'staff' | 'time' }>(
  'inquiries.woken',
  'An inquiry that was put off is open again.',
);

export const InquiryRated = defineEvent<OfInquiry & { score: number }>(
  'inquiries.rated',
  'A customer said how content they are with an inquiry, from 1 to 5.',
);

type OfLink = OfInquiry & { kind: string; targetType: 'inquiry' | 'customer'; targetId: string };
export const InquiryLinked = defineEvent<OfLink>('inquiries.linked', 'Somebody said what an inquiry has to do with.');
export const InquiryUnlinked = defineEvent<OfLink>('inquiries.unlinked', 'A link of an inquiry was taken back.');

export const SlaWarned = defineEvent<OfClock>(
  'inquiries.sla-warned',
  'Most of the time for a promise is used up. Told once.',
);
export const SlaBreached = defineEvent<OfClock>('inquiries.sla-breached', 'A promise was not kept in time. Told once.');

export const SlaEscalated = defineEvent<
  OfClock & {
    clockId: string;
    step: number;
    after: number;
    action: 'notify' | 'reassign_to_lead' | 'reassign_to_manager';
  }
>(
  'inquiries.escalated',
  'So much of the time for a promise is used up that a step of its policy’s escalation is due. Told once.',
);

export const InquiryDueChanged = defineEvent<OfInquiry & { dueAt: string | null }>(
  'inquiries.due-changed',
  'The nearest deadline of an inquiry is another one, or none is open.',
);

export const MessageVisibilityChanged = defineEvent<
  OfInquiry & { messageId: string; visibility: 'all' | 'team' | 'participants' }
>('inquiries.visibility-changed', 'Others may read a message of an inquiry than before.');

type OfSide = OfInquiry & { sideConversationId: string };
export const SideConversationStarted = defineEvent<OfSide & { startedBy: string }>(
  'inquiries.side-started',
  'Staff began to write with others than the customer about an inquiry.',
);
export const SideConversationWritten = defineEvent<OfSide & { messageSeq: number; authorId: string }>(
  'inquiries.side-written',
  'Staff wrote again in a side conversation.',
);
export const SideConversationAnswered = defineEvent<OfSide & { messageSeq: number }>(
  'inquiries.side-answered',
  'An answer came in a side conversation.',
);
export const SideConversationClosed = defineEvent<OfSide>('inquiries.side-closed', 'A side conversation was closed.');
export const SideConversationReopened = defineEvent<OfSide & { by: 'answer' | 'staff' }>(
  'inquiries.side-reopened',
  'A side conversation that was closed is open again.',
);

export const InquiryTrashed = defineEvent<OfInquiry>('inquiries.trashed', 'An inquiry was moved to the trash.');
export const InquiryRestored = defineEvent<OfInquiry>('inquiries.restored', 'An inquiry came back from the trash.');
