import type { RoutedMail } from '@app/mail';
import type { Received } from '../conversation/conversation.service.js';

const LONGEST_NAME = 200;

/** A mail as a message of an inquiry. The mail keeps its files, and all of what it quotes. */
export function wordsOf(mail: RoutedMail): Received {
  return {
    authorName: mail.from?.name.slice(0, LONGEST_NAME).toWellFormed() || null,
    authorAddress: mail.from?.address ?? null,
    mailId: mail.id,
    messageId: mail.messageId,
    refs: [...(mail.references.length ? mail.references : mail.inReplyTo)],
    subject: mail.subject,
    body: mail.replyText.trim() || mail.text,
    html: mail.html,
    attachments: mail.attachments.map(({ id, filename, mimeType, size }) => ({
      mailId: mail.id,
      attachmentId: id,
      filename,
      mimeType,
      size,
    })),
    at: mail.receivedAt,
    visibility: mail.visibility,
  };
}
