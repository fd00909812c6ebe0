import { IsEmailAddress } from '@app/customers';
import { OneLine, Tells } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsOptional,
  IsObject,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { AttachmentRefView } from '../conversation/conversation.dto.js';
import { VISIBILITIES, type Visibility } from '../visibility/visibility.policy.js';
import {
  DELIVERIES,
  MOST_RECIPIENTS,
  SIDE_STATES,
  type SideDelivery,
  type SideState,
} from './side-conversation.policy.js';

export class SideRecipientView {
  name?: string;
  address: string;
}

@Tells('inquiries', { subject: 'subject' })
export class SideConversationView {
  id: string;
  /** The inquiry it was begun in: another one, where that was merged into this one. */
  inquiryId: string;
  /** Null where it is hidden. */
  subject: string | null;
  /** Whom it is with; empty where it is hidden. */
  @ApiProperty({ type: [SideRecipientView] })
  recipients: readonly SideRecipientView[];
  @ApiProperty({ enum: SIDE_STATES.states })
  state: SideState;
  /** As narrow as the narrowest of the mailboxes that its answers came in by. */
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;
  /** It is for others: its words, subject, names and addresses are left out. */
  hidden: boolean;
  messageCount: number;
  lastMessageAt: Date;
  startedBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

@Tells('inquiries', { body: 'message', html: 'message' })
export class SideMessageView {
  id: string;
  sideConversationId: string;
  /** Order within the side conversation, from 1. */
  seq: number;
  /** `out`: written by staff; `in`: answered. */
  @ApiProperty({ enum: ['in', 'out'] })
  direction: 'in' | 'out';
  /** It is for others: its words, names, addresses and files are left out. */
  hidden: boolean;
  /** The user who wrote it; null for an answer. */
  authorId: string | null;
  authorName: string | null;
  authorAddress: string | null;
  /** To whom it was sent; empty for an answer. */
  @ApiProperty({ type: [SideRecipientView] })
  recipients: readonly SideRecipientView[];
  /** As text, of a mail only what was written this time. Null where it is hidden. */
  body: string | null;
  /** Sanitised. */
  html: string | null;
  @ApiProperty({ type: [AttachmentRefView] })
  attachments: readonly AttachmentRefView[];
  /** The mail that an answer came by. */
  mailId: string | null;
  /** The outgoing message that carries what staff wrote. */
  outgoingId: string | null;
  /** The mail's Message-ID header. */
  messageId: string | null;
  /** What became of the mail; null for an answer. `bounced`: it was taken, and came back. */
  @ApiProperty({ enum: DELIVERIES, nullable: true })
  delivery: SideDelivery | null;
  /** Why it reached nobody, or not all. */
  fault: string | null;
  /** A machine wrote it, such as an absence notice. */
  isAutomatic: boolean;
  at: Date;
  /** Changes with `delivery`. */
  version: number;
}

export class SideRecipientDto {
  /** @example "orders@supplier.example" */
  @IsEmailAddress()
  address: string;

  /** @example "Supplier, orders" */
  @IsOptional()
  @OneLine()
  @IsString()
  @MaxLength(200)
  name?: string;
}

export class SideMessageDto {
  /** @example "When does the spare part leave your warehouse?" */
  @IsString()
  @Length(1, 100_000)
  @Matches(/\S/, { message: 'must say something' })
  body: string;
}

export class StartSideConversationDto extends SideMessageDto {
  /** @example "Spare part 4711" */
  @OneLine()
  @IsString()
  @Length(1, 300)
  @Matches(/\S/, { message: 'must say something' })
  subject: string;

  /** Neither the customer nor a mailbox of ours. */
  @ApiProperty({ type: [SideRecipientDto], minItems: 1, maxItems: MOST_RECIPIENTS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_RECIPIENTS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => SideRecipientDto)
  recipients: SideRecipientDto[];
}
