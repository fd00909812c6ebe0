import { currentActor, MayBeAbsent, OneLine, Tells } from '@app/platform';
import { ApiFieldValues, shownOf } from '@app/records';
import { ApiProperty, PartialType, PickType } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsString, IsUUID, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { readsAsked } from '../visibility/visibility.policy.js';
import type { Inquiry } from './inquiry.entity.js';
import {
  type Channel,
  CHANNELS,
  type InquiryStatus,
  type Priority,
  PLAIN_STATUSES,
  type PlainStatus,
  PRIORITIES,
  referenceOf,
  STATUSES,
} from './inquiry.policy.js';

@Tells('inquiries')
export class InquiryView {
  /** @example "01920000-0001-7006-8000-000000000001" */
  id: string;
  /**
   * Rises by one per tenant.
   * @example 42
   */
  number: number;
  /**
   * The number as it is written to people.
   * @example "INQ-000042"
   */
  reference: string;
  /** @example "01920000-0001-7004-8000-000000000001" */
  customerId: string;
  /**
   * Null where it is hidden.
   * @example "Where is my order?"
   */
  subject: string | null;
  /**
   * The beginning of what was asked; the whole text is the first of its messages. Null where it is hidden.
   * @example "It was promised for Friday."
   */
  message: string | null;
  /** What was asked is for others: its subject and its words are left out. */
  hidden: boolean;
  @ApiProperty({ enum: STATUSES, example: 'open' })
  status: InquiryStatus;
  /** The inquiry that it goes on in, once merged. */
  mergedInto: string | null;
  /** A merge can be taken back for 24 hours from here. */
  mergedAt: Date | null;
  holdReason: string | null;
  /** When it wakes by itself, while it is snoozed. */
  snoozedUntil: Date | null;
  @ApiProperty({ enum: PRIORITIES, example: 'normal' })
  priority: Priority;
  /** @example "delivery" */
  category: string | null;
  @ApiProperty({ enum: CHANNELS, example: 'email' })
  channel: Channel;
  /** @example "01920000-0001-7001-8000-000000000006" */
  assignedTo: string | null;
  /** @example "01920000-0001-7002-8000-000000000001" */
  teamId: string | null;
  createdBy: string;
  /** The customer was blocked when this came in. */
  isCustomerBlocked: boolean;
  /** The inquiry that was closed for too long to be re-opened by this one's first message. */
  followUpOf: string | null;
  /** The inquiry whose message this one was made of. */
  splitFrom: string | null;
  /**
   * What the company keeps of its inquiries besides, by the keys of its fields.
   * @example { "orderNumber": "A-1704" }
   */
  customFields: Record<string, unknown>;
  reopenCount: number;
  customerMessageCount: number;
  lastCustomerMessageAt: Date;
  firstRespondedAt: Date | null;
  resolvedAt: Date | null;
  /** When a resolved inquiry closes by itself. */
  closesAt: Date | null;
  closedAt: Date | null;
  /** The nearest open deadline. */
  dueAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

@Tells('customers', { name: ['firstName', 'lastName'], email: 'email' })
class CustomerRef {
  /** @example "01920000-0001-7004-8000-000000000001" */
  id: string;
  /** @example "Grace Hopper" */
  name: string;
  /** @example "grace.hopper.1@customers.example" */
  email: string | null;
}

class AssigneeRef {
  /** @example "01920000-0001-7001-8000-000000000006" */
  id: string;
  /** @example "Clara Officer" */
  name: string;
  /** @example "cso@demo.example" */
  email: string;
}

@Tells('inquiries')
export class ListedInquiryView extends InquiryView {
  /** With `include=customer`. */
  customer?: CustomerRef | null;
  /** With `include=assignee`. */
  assignee?: AssigneeRef | null;
}

@Tells('inquiries')
export class TrashedInquiryView extends InquiryView {
  deletedAt: Date;
  deletedBy: string;
}

/** Of what was asked it shows what the row alone allows: to whoever has it, and to its team. */
export function toView(inquiry: Inquiry): InquiryView {
  const { id, number, customerId, subject, message, status, holdReason, priority, category, channel } = inquiry;
  const { assignedTo, teamId, createdBy, isCustomerBlocked, followUpOf, splitFrom, reopenCount } = inquiry;
  const { customerMessageCount, lastCustomerMessageAt, firstRespondedAt, resolvedAt, closesAt, closedAt, dueAt } =
    inquiry;
  const { mergedInto, mergedAt, snoozedUntil, version, createdAt, updatedAt } = inquiry;
  const hidden = !readsAsked(currentActor(), inquiry);
  const words = hidden ? { subject: null, message: null } : { subject, message };
  return {
    ...{ id, number, reference: referenceOf(number), customerId, ...words, hidden, status },
    ...{ mergedInto, mergedAt, holdReason, snoozedUntil },
    ...{
      priority,
      category,
      channel,
      assignedTo,
      teamId,
      createdBy,
      isCustomerBlocked,
      followUpOf,
      splitFrom,
      customFields: shownOf('inquiries', inquiry.customFields, inquiry.concealedFields),
      reopenCount,
    },
    ...{ customerMessageCount, lastCustomerMessageAt, firstRespondedAt, resolvedAt, closesAt, closedAt, dueAt },
    ...{ version, createdAt, updatedAt },
  };
}

@Tells('inquiries')
export class RecordInquiryDto {
  /** @example "01920000-0001-7004-8000-000000000001" */
  @IsUUID()
  customerId: string;

  /** @example "Where is my order?" */
  @OneLine()
  @IsString()
  @Length(1, 300)
  subject: string;

  /** @example "It was promised for Friday." */
  @IsString()
  @Length(1, 100_000)
  message: string;

  @ApiProperty({ enum: PRIORITIES, default: 'normal', required: false })
  @MayBeAbsent()
  @IsIn(PRIORITIES)
  priority?: Priority;

  /** @example "delivery" */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  category?: string | null;

  @ApiProperty({ enum: CHANNELS, default: 'web', required: false })
  @MayBeAbsent()
  @IsIn(CHANNELS)
  channel?: Channel;

  /**
   * Unless given: the only team of whoever records it.
   * @example "01920000-0001-7002-8000-000000000001"
   */
  @IsOptional()
  @IsUUID()
  teamId?: string | null;

  @ApiFieldValues()
  customFields?: Record<string, unknown>;
}

/** Its editable document. Status, assignee and what the customer wrote change by their own verbs. */
@Tells('inquiries')
export class ReplaceInquiryDto extends PickType(RecordInquiryDto, ['subject', 'category', 'customFields'] as const) {
  @ApiProperty({ enum: PRIORITIES })
  @IsIn(PRIORITIES)
  priority: Priority;

  @ApiProperty({ enum: CHANNELS })
  @IsIn(CHANNELS)
  channel: Channel;
}

@Tells('inquiries')
export class EditInquiryDto extends PartialType(ReplaceInquiryDto, { skipNullProperties: false }) {}

export class MoveInquiryDto {
  @ApiProperty({ enum: PLAIN_STATUSES, example: 'on_hold' })
  @IsIn(PLAIN_STATUSES)
  status: PlainStatus;

  /**
   * Needed for `on_hold`.
   * @example "The carrier looks for it"
   */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

@Tells('inquiries', { reason: 'holdReason' })
export class HoldInquiryDto {
  /** @example "The carrier looks for it" */
  @IsString()
  @Length(1, 500)
  reason: string;
}

export class SnoozeInquiryDto {
  /** In the future and within a year, with its offset from UTC. */
  @ApiProperty({ type: String, format: 'date-time', example: '2027-03-01T08:00:00Z' })
  @IsISO8601({ strict: true })
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/i, {
    message: 'must be an instant with its offset from UTC',
  })
  until: string;

  /**
   * Why; stands as `holdReason`.
   * @example "The carrier answers on Monday"
   */
  @MayBeAbsent()
  @IsString()
  @Length(1, 500)
  note?: string;
}

export class AssignInquiryDto {
  /**
   * Null: nobody's.
   * @example "01920000-0001-7001-8000-000000000006"
   */
  @ValidateIf(({ assignedTo }: AssignInquiryDto) => assignedTo !== null)
  @IsUUID()
  assignedTo: string | null;

  /** The team it moves to; stays where it is unless given. */
  @IsOptional()
  @IsUUID()
  teamId?: string | null;
}
