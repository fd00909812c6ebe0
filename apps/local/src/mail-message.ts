import { randomUUID } from 'node:crypto';
import PostalMime, { type Address } from 'postal-mime';

/** A mail as it was received: what its headers say, beside whom the envelope delivered it to. */
export type MailMessage = {
  id: string;
  from: string | null;
  to: string[];
  recipients: string[];
  subject: string | null;
  messageId: string | null;
  inReplyTo: string | null;
  references: string[];
  text: string | null;
  html: string | null;
  receivedAt: string;
};

export type StoredMail = { message: MailMessage; raw: Buffer };

const mailboxes = (addresses: Address[] = []): string[] =>
  addresses.flatMap((entry) => (entry.group ? entry.group.map(({ address }) => address) : [entry.address]));

export async function parseMail(raw: Buffer, recipients: string[], receivedAt: Date): Promise<StoredMail> {
  const mail = await PostalMime.parse(raw);
  const message: MailMessage = {
    id: randomUUID(),
    from: mailboxes(mail.from && [mail.from])[0] ?? null,
    to: mailboxes(mail.to),
    recipients,
    subject: mail.subject ?? null,
    messageId: mail.messageId ?? null,
    inReplyTo: mail.inReplyTo ?? null,
    references: mail.references?.match(/<[^<>\s]+>/g) ?? [],
    text: mail.text ?? null,
    html: mail.html ?? null,
    receivedAt: receivedAt.toISOString(),
  };
  return { message, raw };
}
