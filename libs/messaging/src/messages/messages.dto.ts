import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { MessageState } from './message.policy.js';
import { MESSAGE_STATES } from './message.policy.js';
import { type Purpose, PURPOSES } from './outgoing-mail.js';

export class AddressView {
  name?: string;
  address: string;
}

export class ReceiptView {
  address: string;
  @ApiProperty({ enum: ['accepted', 'refused', 'suppressed'] })
  outcome: 'accepted' | 'refused' | 'suppressed';
  response: string;
}

export class MessageSummary {
  id: string;
  @ApiProperty({ enum: ['email'] })
  channel: 'email';
  @ApiProperty({ enum: PURPOSES })
  purpose: Purpose;
  @ApiProperty({ enum: MESSAGE_STATES.states })
  state: MessageState;
  from: AddressView;
  /** What it is about is for others: its words, subject, recipients and answers are left out. */
  hidden: boolean;
  to: AddressView[];
  cc: AddressView[];
  /** Null where it is hidden. */
  subject: string | null;
  /** The mail's Message-ID header. */
  messageId: string;
  aboutKind: string;
  aboutId: string;
  aboutRevision: number | null;
  attempts: number;
  /** Not sent before; when it was put off, the time of the next attempt. */
  notBefore: Date;
  sentAt: Date | null;
  lastError: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class MessageView extends MessageSummary {
  replyTo: AddressView | null;
  inReplyTo: string | null;
  references: string[];
  isAutoSubmitted: boolean;
  isConfidential: boolean;
  /** Null when the message is confidential, or hidden. */
  text: string | null;
  html: string | null;
  /** What became of each recipient. */
  receipts: ReceiptView[];
  /** When its text began to leave, in the last attempt. */
  callStartedAt: Date | null;
  providerResponse: string | null;
}

const OUTCOMES = ['sent', 'failed'] as const;

export class ResolveMessageDto {
  @ApiProperty({ enum: OUTCOMES })
  @IsIn(OUTCOMES)
  outcome: (typeof OUTCOMES)[number];
}
