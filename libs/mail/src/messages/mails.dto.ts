import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type FoundThread, MAIL_STATES, type MailDecision, type MailState } from './mail.policy.js';

export const DECISIONS: readonly MailDecision[] = ['new', 'reply', 'ignored'];

export class IngestQuery {
  /** The mailbox it was delivered to (the envelope's recipient), where the headers do not say. */
  @IsOptional()
  @IsString()
  @MaxLength(254)
  mailbox?: string;
}

export class IngestedView {
  id: string;
}

export class MailAddressView {
  name: string;
  address: string;
}

export class MailAttachmentView {
  id: string;
  filename: string;
  /** As the sender named it. */
  mimeType: string;
  @ApiProperty({ enum: ['file', 'calendar', 'message', 'report', 'tnef'] })
  kind: string;
  size: number;
  /** As `cid:` links in the HTML name it. */
  contentId: string | null;
  inline: boolean;
}

export class AuthenticationView {
  server: string;
  spf: string | null;
  dkim: string | null;
  dmarc: string | null;
}

export class MailSummary {
  id: string;
  /** `parsed` waits for its inquiry, lead or side conversation, `routed` has one; `quarantined` could not be read; `duplicate` is a copy. */
  @ApiProperty({ enum: MAIL_STATES.states })
  state: MailState;
  @ApiProperty({ enum: DECISIONS, nullable: true })
  decision: MailDecision | null;
  quarantineReason: string | null;
  /** The mail that this one is a copy of. */
  duplicateOf: string | null;
  mailboxId: string | null;
  customerId: string | null;
  inquiryId: string | null;
  /** The lead that it began or belongs to, in place of an inquiry. */
  leadId: string | null;
  /** The side conversation that it answers, in place of an inquiry. */
  sideConversationId: string | null;
  /** What it says is for others: its words, subject, addresses and files are left out. */
  hidden: boolean;
  from: MailAddressView | null;
  to: MailAddressView[];
  subject: string | null;
  /** The Message-ID header; null when it has none. */
  messageId: string | null;
  /** A machine wrote it, or may have: it is never answered automatically. */
  automatic: boolean;
  bounce: boolean;
  attachmentCount: number;
  size: number;
  receivedAt: Date;
  /** The Date header. */
  sentAt: Date | null;
  decidedAt: Date | null;
  /** Since when its raw source is kept no longer (`retention.mail_sources` of the tenant's settings). */
  sourceDeletedAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class MailView extends MailSummary {
  cc: MailAddressView[];
  replyTo: MailAddressView[];
  deliveredTo: string[];
  inReplyTo: string[];
  references: string[];
  text: string | null;
  /** What was written this time, without quotations and signature. */
  replyText: string | null;
  /** Sanitised: no script, no form, nothing loaded from elsewhere. */
  html: string | null;
  /** Signs that a machine wrote it. */
  reasons: string[];
  /** By which reference its inquiry was found. */
  @ApiProperty({ enum: ['response', 'message_id', 'inquiry', 'number'], nullable: true })
  threadedBy: FoundThread['by'] | null;
  /** What had to be repaired or was missing. */
  defects: string[];
  /** What the mailbox's own server found out about the sender; null when it said nothing. */
  authentication: AuthenticationView | null;
  /** What that comes to: DMARC, else SPF and DKIM. `fail`: it is believed only where it wrote before. */
  senderVerdict: string | null;
  /** Every mailbox it came in by. */
  mailboxIds: string[];
  attachments: MailAttachmentView[];
}
