import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MailQuarantined, MailRouted } from '../events.js';
import type { AuthenticationResult, Mailbox as Address, ParsedMail, Verdict } from '../parsing/index.js';
import { threadKey } from '../threads/thread-key.js';
import { MailAttributed } from './mail.errors.js';
import {
  contentHashOf,
  correspondentOf,
  type FoundThread,
  MAIL_STATES,
  type MailDecision,
  type MailState,
  type QuarantineReason,
  type Route,
} from './mail.policy.js';

export type Recipients = {
  to: readonly Address[];
  cc: readonly Address[];
  replyTo: readonly Address[];
  deliveredTo: readonly string[];
};

/** What else was found out: why it went where it went, what had to be repaired, whether the sender is who it says. */
export type MailFacts = {
  reasons?: readonly string[];
  threadedBy?: FoundThread['by'] | null;
  defects?: readonly string[];
  languages?: readonly string[];
  /** What the mailbox's own server found out about the sender. */
  authentication?: AuthenticationResult | null;
  senderVerdict?: Verdict | null;
  correspondent?: Address | null;
};

export type Links = { customerId: string; inquiryId: string; messageId?: string };
type Found = {
  mailboxId: string | null;
  authentication: AuthenticationResult | null;
  senderVerdict: Verdict | null;
  isReused: boolean;
};

/** One raw mail, what was read of it and where it went. The bytes themselves are in the file store, under `rawHash`. */
@Entity('mails')
export class Mail extends Aggregate<Mail> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  /** Before it is read: the one it was handed in for, if any. */
  @Column('uuid', { nullable: true }) readonly mailboxId: string | null;
  @Column('text') readonly rawHash: string;
  @Column('int') readonly size: number;
  @Column('text') readonly state: MailState;
  @Column('text', { nullable: true }) readonly quarantineReason: QuarantineReason | null;
  @Column('uuid', { nullable: true }) readonly duplicateOf: string | null;
  @Column('text', { nullable: true }) readonly contentHash: string | null;
  @Column('text', { nullable: true }) readonly messageId: string | null;
  /** Never null once read; made of the raw bytes where the mail has none. As `threadKey` writes it. */
  @Column('text', { nullable: true }) readonly effectiveMessageId: string | null;
  @Column('text', { array: true }) readonly inReplyTo: readonly string[];
  @Column('text', { array: true }) readonly refs: readonly string[];
  @Column('text', { nullable: true }) readonly fromAddress: string | null;
  @Column('text', { nullable: true }) readonly fromName: string | null;
  @Column('jsonb') readonly recipients: Partial<Recipients>;
  @Column('text', { nullable: true }) readonly subject: string | null;
  @Column('text', { nullable: true }) readonly text: string | null;
  @Column('text', { nullable: true }) readonly replyText: string | null;
  @Column('text', { nullable: true }) readonly html: string | null;
  @Column('jsonb') readonly facts: MailFacts;
  @Column('boolean') readonly isAutomatic: boolean;
  @Column('boolean') readonly isBounce: boolean;
  @Column('text', { nullable: true }) readonly decision: MailDecision | null;
  @Column('timestamptz', { nullable: true }) readonly decidedAt: Date | null;
  @Column('uuid', { nullable: true }) readonly customerId: string | null;
  @Column('uuid', { nullable: true }) readonly inquiryId: string | null;
  @Column('uuid', { nullable: true }) readonly leadId: string | null;
  @Column('uuid', { nullable: true }) readonly sideConversationId: string | null;
  @Column('uuid', { nullable: true }) readonly inquiryMessageId: string | null;
  @Column('timestamptz') readonly receivedAt: Date;
  @Column('timestamptz', { nullable: true }) readonly sentAt: Date | null;
  /** Since when the tenant keeps the bytes no longer. */
  @Column('timestamptz', { nullable: true }) readonly sourceDeletedAt: Date | null;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static receive(
    raw: { rawHash: string; size: number; mailboxId: string | null },
    now: Date,
    id: string = newId(),
  ): Mail {
    const empty = { inReplyTo: [], refs: [], recipients: {}, facts: {}, isAutomatic: false, isBounce: false };
    return new Mail().change({ ...empty, ...raw, id, state: MAIL_STATES.initial, receivedAt: now });
  }

  /** What it says is known; where it belongs is not yet decided. */
  read(parsed: ParsedMail, found: Found): void {
    this.become('parsed');
    const { defects, languages, text, replyText, html, inReplyTo, references } = parsed;
    const { mailboxId, authentication, senderVerdict, isReused } = found;
    this.change({
      ...envelopeOf(parsed),
      mailboxId,
      contentHash: contentHashOf(parsed),
      inReplyTo,
      refs: references,
      text,
      replyText,
      html,
      facts: {
        authentication,
        senderVerdict,
        languages,
        defects: isReused ? [...defects, 'message_id_reused'] : defects,
      },
    });
  }

  /** A copy of a mail that came in by another way: its words are kept once, with the original. */
  duplicates(original: string, parsed: ParsedMail, mailboxId: string | null): void {
    this.become('duplicate');
    this.change({ ...envelopeOf(parsed), mailboxId, duplicateOf: original });
  }

  /** Once, for good: a second time changes nothing. */
  route(route: Route, of: { threadedBy: FoundThread['by'] | null; isBounce: boolean }, now: Date): void {
    if (this.decision) return;
    if (route.decision === 'ignored') this.become('ignored');
    const from = this.fromAddress === null ? null : { name: this.fromName ?? '', address: this.fromAddress };
    const correspondent = correspondentOf(route.reasons, from, this.recipients.replyTo ?? []);
    this.change({
      decision: route.decision,
      decidedAt: now,
      inquiryId: route.inquiryId,
      sideConversationId: route.sideConversationId,
      isAutomatic: route.isAutomatic,
      isBounce: of.isBounce,
      facts: { ...this.facts, reasons: route.reasons, threadedBy: of.threadedBy, correspondent },
    });
    const { id: mailId, mailboxId, inquiryId, sideConversationId } = this;
    const { decision, isAutomatic: automatic } = route;
    this.raise(MailRouted({ mailId, mailboxId, inquiryId, sideConversationId, decision, automatic }));
  }

  quarantine(reason: QuarantineReason): void {
    this.become('quarantined');
    this.change({ quarantineReason: reason });
    this.raise(MailQuarantined({ mailId: this.id, reason }));
  }

  /** Back to be read again, by a better parser or a healthier machine. */
  reparse(): void {
    this.become('received');
    this.change({ quarantineReason: null });
  }

  /** Whoever made an inquiry of it says which. The same again changes nothing. @throws MailAttributed, InvalidTransition */
  attribute({ customerId, inquiryId, messageId }: Links): void {
    if (this.state === 'routed') {
      if (this.inquiryId !== inquiryId) throw new MailAttributed(this.id, this);
      return;
    }
    this.become('routed');
    this.change({ customerId, inquiryId, inquiryMessageId: messageId ?? null });
  }

  /** Whoever made a lead of it says which. The same again changes nothing. @throws MailAttributed, InvalidTransition */
  attributeToLead(leadId: string): void {
    if (this.state === 'routed') {
      if (this.leadId !== leadId) throw new MailAttributed(this.id, this);
      return;
    }
    this.become('routed');
    this.change({ leadId });
  }

  /** It is in the side conversation that it was routed to. The same again changes nothing. @throws InvalidTransition */
  attributeToSide(): void {
    if (this.state === 'routed' && this.sideConversationId) return;
    this.become('routed');
  }

  private become(state: MailState): void {
    MAIL_STATES.assert(this.state, state);
    this.change({ state });
  }
}

function envelopeOf(parsed: ParsedMail): Partial<Mail> {
  const { messageId, effectiveMessageId, from, to, cc, replyTo, deliveredTo, subject, date } = parsed;
  return {
    messageId,
    effectiveMessageId: threadKey(effectiveMessageId),
    fromAddress: from?.address ?? null,
    fromName: from?.name ?? null,
    recipients: { to, cc, replyTo, deliveredTo },
    subject,
    sentAt: date,
  };
}
