import { currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Visibility } from './mailboxes/mailbox.policy.js';
import { type MailboxCard, MailboxesQueries } from './mailboxes/mailboxes.queries.js';
import { type Links, Mail } from './messages/mail.entity.js';
import { ATTACHMENTS } from './messages/mails.queries.js';
import type { Mailbox as MailAddress } from './parsing/index.js';
import { type Home, Threads } from './threads/threads.service.js';

export type RoutedMail = {
  id: string;
  mailboxId: string | null;
  /** The lead that it belongs to; null while it belongs to none. */
  leadId: string | null;
  /** Whether it was said already what it became. */
  isAttributed: boolean;
  /** Whose mail it is: the mailbox's team. */
  teamId: string | null;
  /** SHA-256 of its bytes, in hexadecimal digits. */
  rawHash: string;
  /** Whether our own server found that its sender is not who it says. */
  isForged: boolean;
  /** Whether a stranger who writes to this mailbox becomes a customer. */
  createsCustomers: boolean;
  /** Who may read it: what the narrowest of the mailboxes that it came in by says. */
  visibility: Visibility;
  /** The Message-ID header; null when the mail has none. */
  messageId: string | null;
  /** Whom to answer: the sender, or whom a no-reply sender names in Reply-To. Null for some delivery reports. */
  from: MailAddress | null;
  to: readonly MailAddress[];
  cc: readonly MailAddress[];
  subject: string;
  text: string;
  /** What was written this time, without quotations and signature. */
  replyText: string;
  /** Sanitised. */
  html: string | null;
  receivedAt: Date;
  sentAt: Date | null;
  attachments: readonly { id: string; filename: string; mimeType: string; size: number; inline: boolean }[];
  inReplyTo: readonly string[];
  references: readonly string[];
  automatic: boolean;
};

const VISIBILITY = `(select case when bool_or(c.message_visibility = 'participants') then 'participants'
    when bool_or(c.message_visibility = 'team') then 'team' else 'all' end
  from mailboxes c where c.tenant_id = m.tenant_id and (c.id = m.mailbox_id
    or c.id in (select d.mailbox_id from mail_deliveries d where d.tenant_id = m.tenant_id and d.mail_id = m.id)))`;

const ROUTED = `select m.id, m.mailbox_id as "mailboxId", m.lead_id as "leadId", m.state = 'routed' as "isAttributed", b.team_id as "teamId", coalesce(b.creates_customers, true) as "createsCustomers", ${VISIBILITY} as visibility,
  m.raw_hash as "rawHash", coalesce(m.facts->>'senderVerdict' = 'fail', false) as "isForged",
  m.message_id as "messageId", m.facts->'correspondent' as "from", m.recipients->'to' as "to", m.recipients->'cc' as cc,
  m.subject, m.text, m.reply_text as "replyText", m.html, m.received_at as "receivedAt", m.sent_at as "sentAt",
  m.in_reply_to as "inReplyTo", m.refs as "references", m.is_automatic as automatic, ${ATTACHMENTS} as attachments
  from mails m left join mailboxes b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
  where m.tenant_id = $1 and m.id = $2 and m.decision is not null`;

/** What other contexts ask of mail. */
@Injectable()
export class MailFacade {
  constructor(
    private readonly db: Database,
    private readonly threads: Threads,
    private readonly mailboxes: MailboxesQueries,
  ) {}

  /** A mail that `MailRouted` told of. @throws RecordNotFound */
  async get(mailId: string): Promise<RoutedMail> {
    const found = await this.db.one<RoutedMail>(ROUTED, [currentTenantId(), mailId]);
    if (!found) throw new RecordNotFound('mail', mailId);
    return found;
  }

  /**
   * Says, in the open transaction, which inquiry a mail became or joined: from now on answers to it find that inquiry.
   * `reference`: the inquiry's number (`INQ-000123`), by which somebody who wrote to it may name it in a subject; asked for
   * last, since whoever gives numbers out may keep others waiting from then on. The same again changes nothing. @throws MailAttributed, InvalidTransition for a mail that was ignored
   */
  attribute(mailId: string, links: Links & { reference?: () => Promise<string> }): Promise<void> {
    return this.db.transaction(async () => {
      const { messageId } = await this.db.change(Mail, mailId, undefined, (mail) => mail.attribute(links));
      const reference = await links.reference?.();
      await this.threads.remember(links, { messageId, reference, isSent: false });
    });
  }

  /** The same for a lead; nobody's answer finds it by that, since only inquiries are answered. @throws MailAttributed, InvalidTransition */
  async attributeToLead(mailId: string, leadId: string): Promise<void> {
    await this.db.change(Mail, mailId, undefined, (mail) => mail.attributeToLead(leadId));
  }

  /** Of these ids, those that are no mailbox in use. */
  async missingMailboxes(ids: readonly string[]): Promise<string[]> {
    const known = new Set((await this.mailboxes.inUse()).map(({ id }) => id));
    return ids.filter((id) => !known.has(id));
  }

  /** Whether one of these attachments is a file of its own, and not a picture in the text such as a signature's. */
  async hasFileAmong(attachmentIds: readonly string[]): Promise<boolean> {
    const found = await this.db.one(
      'select 1 from mail_attachments where tenant_id = $1 and id = any ($2::uuid[]) and not is_inline limit 1',
      [currentTenantId(), attachmentIds],
    );
    return found !== undefined;
  }

  /** Answers to this message of ours, and to other revisions of the same response, find the inquiry. */
  rememberThread(messageId: string, inquiryId: string, reference?: string): Promise<void> {
    return this.threads.remember({ inquiryId }, { messageId, reference, isSent: true });
  }

  /** In the open transaction: the mail is in the side conversation that it was routed to, and answers to it are as well. */
  async attributeToSide(mailId: string, inquiryId: string, side: NonNullable<Home['side']>): Promise<void> {
    const { messageId } = await this.db.change(Mail, mailId, undefined, (mail) => mail.attributeToSide());
    await this.threads.remember({ inquiryId, side }, { messageId, reference: undefined, isSent: false });
  }

  /** Answers to this message of ours belong to a side conversation, where they come from those it was sent to. */
  rememberSide(messageId: string, inquiryId: string, side: NonNullable<Home['side']>): Promise<void> {
    return this.threads.remember({ inquiryId, side }, { messageId, reference: undefined, isSent: true });
  }

  /** Of these addresses, in lower case, those of mailboxes in use. */
  async mailboxesAmong(addresses: readonly string[]): Promise<string[]> {
    const ours = new Set((await this.mailboxes.inUse()).map(({ address }) => address.toLowerCase()));
    return addresses.filter((address) => ours.has(address));
  }

  /** The mailbox that a team writes from; the tenant's default where it has none. */
  async mailboxOf(teamId: string | null): Promise<MailboxCard | undefined> {
    const all = await this.mailboxes.inUse();
    return (
      all.find((mailbox) => teamId !== null && mailbox.teamId === teamId) ?? all.find(({ isDefault }) => isDefault)
    );
  }

  /** The signed Message-ID of one revision of a response, or of the nth message of a side conversation: always the same. */
  messageIdOf(of: { responseId: string; revision: number; domain: string }): string {
    return this.threads.mintMessageId(of);
  }

  /** The mailbox's address with a signed token: what is sent to it belongs to the inquiry, or side conversation. */
  replyAddressOf(mailboxAddress: string, inquiryId: string): string {
    return this.threads.mintReplyAddress(mailboxAddress, inquiryId);
  }
}
