import { Tells } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { VISIBILITIES, type Visibility } from '../visibility/visibility.policy.js';
import type { Direction } from './inquiry-message.entity.js';

export class AttachmentRefView {
  /** The mail that keeps the file. */
  mailId: string;
  attachmentId: string;
  filename: string;
  mimeType: string;
  /** In bytes. */
  size: number;
}

@Tells('inquiries', { subject: 'subject', body: 'message', html: 'message' })
@Tells('customers', { authorName: ['firstName', 'lastName'], authorAddress: 'email' })
export class InquiryMessageView {
  id: string;
  /** The inquiry it was written in: another one, where that was merged into this one. */
  inquiryId: string;
  /** Order of arrival within the inquiry, from 1. */
  seq: number;
  /** `in`: the customer; `out`: an answer; `note`: internal. */
  @ApiProperty({ enum: ['in', 'out', 'note'] })
  direction: Direction;
  /** Whose it is to read: `all` who may read the inquiry, its `team`, or its `participants` alone. */
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;
  /** It is for others: its words, subject, names, addresses and files are left out. */
  hidden: boolean;
  /** Users who may read it, beside those who take part in it; empty where it is hidden. */
  userIds: string[];
  /** The user who wrote it; null for the customer. */
  authorId: string | null;
  authorName: string | null;
  authorAddress: string | null;
  mailId: string | null;
  /** The mail's Message-ID header. */
  messageId: string | null;
  responseId: string | null;
  subject: string | null;
  /** As text, of a mail only what was written this time. Null where it is hidden. */
  body: string | null;
  /** Sanitised. */
  html: string | null;
  @ApiProperty({ type: [AttachmentRefView] })
  attachments: readonly AttachmentRefView[];
  /** A machine wrote it, such as an absence notice. */
  isAutomatic: boolean;
  at: Date;
  /** Changes with who may read it. */
  version: number;
}

export class NoteDto {
  /** @example "Known fault of this batch; the carrier is not to blame." */
  @IsString()
  @Length(1, 100_000)
  body: string;
}
