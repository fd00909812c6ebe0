import type { RoutedMail } from '@app/mail';
import type { Written } from '../conversation/lead-message.entity.js';
import type { NewLead } from '../leads/lead.entity.js';

const LONGEST_NAME = 200;
const LONGEST_SUBJECT = 300;
/** The lead shows the beginning of what was written; the whole text stands in its message. */
const LONGEST_EXCERPT = 20_000;

const clip = (text: string, most: number): string => text.slice(0, most).toWellFormed();

/** A mail as a message of a lead. The mail keeps its files, and all of what it quotes. */
export const wordsOf = (mail: RoutedMail): Omit<Written, 'leadId'> => ({
  mailId: mail.id,
  authorName: clip(mail.from?.name ?? '', LONGEST_NAME) || null,
  authorAddress: mail.from?.address ?? null,
  subject: clip(mail.subject, LONGEST_SUBJECT) || null,
  body: mail.replyText.trim() || mail.text,
  at: mail.receivedAt,
});

/** What a mail tells of whoever wrote it; an address is no name. */
export function leadOfMail(mail: RoutedMail, email: string): Omit<NewLead, 'createdBy'> {
  const { authorName, subject, body, mailId } = wordsOf(mail);
  const isName = authorName !== null && !authorName.includes('@');
  return {
    name: isName ? authorName : clip(email.slice(0, email.lastIndexOf('@')), LONGEST_NAME),
    email,
    subject,
    message: clip(body, LONGEST_EXCERPT) || null,
    source: 'mail',
    teamId: mail.teamId,
    mailHash: mail.rawHash,
    mailId,
  };
}
