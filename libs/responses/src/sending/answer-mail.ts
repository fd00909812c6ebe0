import type { MailThread } from '@app/inquiries';
import type { OutgoingMail } from '@app/messaging';
import { APPROVAL_SUBJECT } from '../responses/response-approval.js';
import type { Response } from '../responses/response.entity.js';

/** `Re: ` and the inquiry's number, each once, whatever the customer's subject carries already. */
export function answerSubject({ subject, number }: Pick<MailThread, 'subject' | 'number'>): string {
  const tag = `[#${number}]`;
  const reply = /^re\s?:/i.test(subject) ? subject : `Re: ${subject}`;
  return reply.includes(tag) ? reply : `${reply.trimEnd()} ${tag}`;
}

/** The mail that carries a response: into the customer's own thread, from the mailbox that they wrote to. */
export const answerMail = (response: Response, thread: MailThread): OutgoingMail => ({
  to: [thread.to],
  from: thread.mailboxAddress ?? undefined,
  subject: answerSubject(thread),
  text: response.message,
  messageId: thread.messageId,
  inReplyTo: thread.inReplyTo ?? undefined,
  references: thread.references,
  purpose: 'transactional',
  about: { kind: APPROVAL_SUBJECT, id: response.id, revision: response.revision },
});
