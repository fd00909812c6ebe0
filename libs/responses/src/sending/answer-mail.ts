import type { Thread } from '@app/inquiries';
import type { MailAddress, OutgoingMail } from '@app/messaging';
import { APPROVAL_SUBJECT } from '../responses/response-approval.js';
import type { Response } from '../responses/response.entity.js';

const TAG = /(?<!\s)\s*\[#?INQ-\d{1,12}\]/g; // a run of blanks is read from its beginning only

/** The customer's subject with the inquiry's number, once, and no other inquiry's. */
export const answerSubject = ({ subject, reference }: Pick<Thread, 'subject' | 'reference'>): string =>
  `${subject.replace(TAG, '').trim()} [#${reference}]`;

/** The mail that carries a response: into the customer's own thread, from the mailbox of the inquiry's team. */
export const answerMail = (
  response: Pick<Response, 'id' | 'revision' | 'message'>,
  thread: Thread & { readonly to: MailAddress },
  messageId: string | undefined,
): OutgoingMail => ({
  to: [thread.to],
  cc: thread.cc.length > 0 ? thread.cc : undefined,
  from: thread.mailboxAddress ?? undefined,
  replyTo: thread.replyAddress,
  subject: answerSubject(thread),
  text: response.message,
  messageId,
  inReplyTo: thread.inReplyTo ?? undefined,
  references: thread.references,
  purpose: 'transactional',
  about: { kind: APPROVAL_SUBJECT, id: response.id, revision: response.revision },
});
