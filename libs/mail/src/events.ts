import { defineEvent } from '@app/kernel';

/**
 * `reply`: belongs to `inquiryId`. `new`: opens something. `ignored`: a machine wrote it; `inquiryId` says to which inquiry
 * it refers, if any. `sideConversationId`: it is part of that one, in place of an inquiry. `automatic`: no automatic answer
 * may follow.
 */
export const MailRouted = defineEvent<{
  mailId: string;
  mailboxId: string | null;
  decision: 'reply' | 'new' | 'ignored';
  inquiryId: string | null;
  sideConversationId: string | null;
  automatic: boolean;
}>('mail.routed', 'It was decided, once and for all, where an incoming mail belongs.');

export const MailQuarantined = defineEvent<{ mailId: string; reason: string }>(
  'mail.quarantined',
  'A raw mail could not be read and was set aside; it is stored and can be read again.',
);

/**
 * One per recipient. `originalMessageId`: the Message-ID header of what was not delivered, null when the report does not
 * return it. Anybody can write such a report: the listener checks that it sent that message to that recipient.
 */
export const MailBounced = defineEvent<{
  mailId: string;
  originalMessageId: string | null;
  recipient: string;
  permanent: boolean;
  status: string | null;
  diagnostic: string;
}>('mail.bounced', 'A server reported that a mail of ours was not delivered.');
