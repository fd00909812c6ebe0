import { createHash } from 'node:crypto';
import PostalMime, { decodeWords, type Email } from 'postal-mime';
import { type Mailbox, parseAddressList, toMailboxes } from './address.js';
import { type MailAttachment, toAttachment } from './attachment.js';
import { readBody } from './body.js';
import { boundIds, readDate, readMessageIds } from './header.js';
import { MAIL_LIMITS, type MailLimits } from './limits.js';
import { type MailHeaders, readMailHeaders, valuesOf } from './mail-headers.js';
import { MailRefused } from './mail-refused.js';
import { type PreparedMail, prepareMail } from './prepare.js';
import { stripReply } from './reply.js';
import { cleanLine } from './text.js';

export type ParsedMail = {
  /** As the sender wrote it, with angle brackets; null when missing or unusable. */
  readonly messageId: string | null;
  /** The Message-ID, else one made of the raw bytes (`<sha256…@missing.invalid>`): never null, stable, never sent out. */
  readonly effectiveMessageId: string;
  readonly inReplyTo: readonly string[];
  /** In the order of the header, each once, the first and the last 99. */
  readonly references: readonly string[];
  /** Null only for delivery reports without a usable sender. */
  readonly from: Mailbox | null;
  readonly replyTo: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  /** Where it was delivered to, as the receiving servers noted (Delivered-To, X-Original-To, Envelope-To). */
  readonly deliveredTo: readonly string[];
  readonly date: Date | null;
  readonly subject: string;
  readonly text: string;
  /** Sanitised; null when the mail has none. */
  readonly html: string | null;
  /** What the sender wrote this time: quoted mails and the signature left out. Never empty when `text` is not. */
  readonly replyText: string;
  readonly quotedText: string;
  readonly signature: string;
  readonly attachments: readonly MailAttachment[];
  readonly headers: MailHeaders;
  /** BCP 47 tags the mail gives away, lower case, most telling first. */
  readonly languages: readonly string[];
  /** What had to be repaired or was missing, as codes. */
  readonly defects: readonly string[];
  readonly size: number;
  readonly rawHash: string;
  /** Equal for the copies of one mail in several mailboxes, whose trace headers differ. */
  readonly contentHash: string;
};

/**
 * Reads a raw mail (RFC 5322, MIME). Every string of the result can be stored in PostgreSQL as it is. Bounded in time
 * by its limits, but it keeps the event loop busy for up to a second: call it in the worker.
 * @throws MailRefused, and nothing else, whatever the bytes
 */
export async function parseMail(raw: Buffer, limits: Partial<MailLimits> = {}): Promise<ParsedMail> {
  const bounds = { ...MAIL_LIMITS, ...limits };
  try {
    const prepared = prepareMail(raw, bounds);
    const email = await readMime(prepared, bounds);
    if (email.attachments.length > bounds.maxParts) throw new MailRefused('too_many_parts');
    return toParsedMail(raw, prepared, email, bounds);
  } catch (error) {
    if (error instanceof MailRefused) throw error;
    throw new MailRefused(error instanceof Error && /nesting depth/i.test(error.message) ? 'too_deep' : 'unparseable', {
      cause: error,
    });
  }
}

async function readMime(prepared: PreparedMail, limits: MailLimits): Promise<Email> {
  // A forwarded mail stays an attachment: its words are not those of the sender.
  const options = {
    maxNestingDepth: limits.maxDepth,
    maxHeadersSize: limits.maxHeaderBytes * 4,
    forceRfc822Attachments: true,
  };
  const email = await PostalMime.parse(prepared.bytes, options);
  const type = email.headers.find(({ key }) => key === 'content-type')?.value ?? 'text/plain';
  const isUndeclared = /^\s*text\//i.test(type) && !/charset/i.test(type);
  if (!isUndeclared || !`${email.text}${email.html}`.includes('\ufffd')) return email;
  // No charset declared and no UTF-8: what mail programs of the West wrote before UTF-8. The first header wins.
  const declared = `Content-Type: ${type.split(';', 1)[0]}; charset=windows-1252\r\n`;
  return PostalMime.parse(Buffer.concat([Buffer.from(declared), prepared.bytes]), options);
}

function toParsedMail(raw: Buffer, prepared: PreparedMail, email: Email, limits: MailLimits): ParsedMail {
  const headers = readMailHeaders(email.headers);
  const from = senderOf(email, headers);
  const threading = threadingOf(email);
  const date = readDate(email.headers.find(({ key }) => key === 'date')?.value ?? '');
  const body = readBody(email, prepared, limits);
  const attachments = email.attachments.map((part, index) => toAttachment(part, index + 1));
  const { reply, quoted, signature } = stripReply(body.text);
  const rawHash = createHash('sha256').update(raw).digest('hex');
  const subject = cleanLine(email.subject ?? '', 1_000);
  const missing = [threading.messageId ? '' : 'no_message_id', date ? '' : 'no_date'].filter(Boolean);
  const mail = {
    ...threading,
    effectiveMessageId: threading.messageId ?? `<${rawHash}@missing.invalid>`,
    from,
    replyTo: toMailboxes(email.replyTo, 20),
    to: toMailboxes(email.to),
    cc: toMailboxes(email.cc),
    deliveredTo: deliveredTo(email),
    date,
    subject,
    text: body.text,
    html: body.html,
    replyText: reply,
    quotedText: quoted,
    signature,
    attachments,
    headers,
    languages: languagesOf(email),
    defects: [...prepared.repairs, ...missing, ...body.defects],
    size: raw.length,
    rawHash,
  };
  return { ...mail, contentHash: contentHash(mail) };
}

function threadingOf(email: Email): Pick<ParsedMail, 'messageId' | 'inReplyTo' | 'references'> {
  const ids = (key: string) => readMessageIds(valuesOf(email.headers, key).map(decodeWords).join(' '));
  return {
    messageId: readMessageIds(email.messageId ?? '')[0] ?? null,
    inReplyTo: ids('in-reply-to').slice(0, 20),
    references: boundIds(ids('references'), 1, 99),
  };
}

/** From, else Sender. Reports of failed delivery may come without either; nothing else may. */
function senderOf(email: Email, headers: MailHeaders): Mailbox | null {
  const sender = toMailboxes([email.from, email.sender].filter((one) => one !== undefined))[0];
  if (sender) return sender;
  if (headers.contentType === 'multipart/report' || headers.returnPath === '') return null;
  throw new MailRefused('no_sender');
}

function deliveredTo(email: Email): string[] {
  const keys = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'];
  const values = keys.flatMap((key) => valuesOf(email.headers, key)).slice(0, 50);
  return [...new Set(values.flatMap((value) => parseAddressList(value, 50)).map(({ address }) => address))];
}

function languagesOf(email: Email): string[] {
  const named = ['content-language', 'accept-language'].flatMap((key) => valuesOf(email.headers, key));
  const inHtml =
    /<html\b[^>]{0,500}?\blang\s*=\s*["']?([a-z-]{2,35})/i.exec(email.html?.slice(0, 5_000) ?? '')?.[1] ?? '';
  const tags = [...named, inHtml]
    .flatMap((value) => value.slice(0, 500).split(','))
    .map((tag) => tag.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  return [...new Set(tags.filter((tag) => /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/.test(tag)))].slice(0, 10);
}

function contentHash(mail: Omit<ParsedMail, 'contentHash'>): string {
  const { messageId, from, date, subject, text, html, attachments } = mail;
  const content = [
    messageId,
    from?.address,
    date?.toISOString(),
    subject,
    text,
    html,
    attachments.map(({ sha256 }) => sha256),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
