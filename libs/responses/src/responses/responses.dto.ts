import type { ApprovalStatus } from '@app/approvals';
import { ApiProperty, PickType } from '@nestjs/swagger';
import { IsInt, IsISO8601, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { STEP_KINDS, type StepKind } from './response-step.js';
import type { Response } from './response.entity.js';
import {
  type DeliveryState,
  HOLD_REASONS,
  type HoldReason,
  RESPONSE_STATUSES,
  type ResponseStatus,
} from './response.policy.js';

const LONGEST_MESSAGE = 100_000;
const LONGEST_NOTES = 5_000;
const LARGEST_REVISION = 2 ** 31 - 1;
const says = { message: 'must say something' };

export class CreateResponseDto {
  /** @example "01920000-0001-7006-8000-000000000007" */
  @IsUUID()
  inquiryId: string;

  /**
   * Plain text, as the customer will read it. It may quote facts, such as `{{inquiry.sla.dueAt}}`: they are filled in when it
   * is submitted, and read again before it is sent.
   */
  @ApiProperty({ example: 'Thank you for writing to us. Your order left our house this morning.' })
  @IsString()
  @MaxLength(LONGEST_MESSAGE)
  @Matches(/\S/, says)
  message: string;

  /** The sent response that this one corrects. */
  @IsOptional()
  @IsUUID()
  corrects?: string;

  /** The macro it began with. The response keeps it while it says, word for word, what the macro says to the inquiry. */
  @IsOptional()
  @IsUUID()
  macroId?: string;
}

export class EditResponseDto extends PickType(CreateResponseDto, ['message']) {}

export class SeenDto {
  /** The revision that was seen. */
  @ApiProperty({ example: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LARGEST_REVISION)
  revision?: number;
}

export class ApproveResponseDto extends SeenDto {
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_NOTES)
  approvalNotes?: string;
}

export class RejectResponseDto extends SeenDto {
  /** What is wrong, for its author. */
  @ApiProperty({ example: 'Please name the date of delivery.' })
  @IsString()
  @MaxLength(LONGEST_NOTES)
  @Matches(/\S/, says)
  approvalNotes: string;
}

export class DelegateResponseDto extends SeenDto {
  /**
   * Who decides instead; needs a permission to decide of their own.
   * @example "01920000-0001-7001-8000-000000000004"
   */
  @IsUUID()
  toUserId: string;
}

export class ScheduleResponseDto extends SeenDto {
  /** With its offset from UTC. */
  @ApiProperty({ type: String, format: 'date-time', example: '2027-03-01T08:00:00Z' })
  @IsISO8601({ strict: true })
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/i, {
    message: 'must be an instant with its offset from UTC',
  })
  sendAt: string;
}

export class StaleFactView {
  /** @example "inquiry.sla.dueAt" */
  name: string;
  /** @example "3 November 2026, 16:30 (Europe/Berlin)" */
  was: string;
  /** Null where there is no such thing any more. */
  @ApiProperty({ type: String, nullable: true, example: '4 November 2026, 09:30 (Europe/Berlin)' })
  is: string | null;
}

/** What a revision quotes, as it was when that was submitted. */
export class QuotedFactView {
  id: string;
  revision: number;
  /** @example "inquiry.sla.dueAt" */
  name: string;
  /**
   * What is compared before it is sent.
   * @example "2026-11-03T15:30:00.000Z"
   */
  value: string;
  /**
   * As it stands in the text.
   * @example "3 November 2026, 16:30 (Europe/Berlin)"
   */
  text: string;
  at: Date;
}

export class ResponseView {
  /** @example "01920000-0001-7009-8000-000000000002" */
  id: string;
  /** @example "01920000-0001-7006-8000-000000000002" */
  inquiryId: string;
  /** @example "01920000-0001-7004-8000-000000000002" */
  customerId: string;
  /** @example "Thank you for writing to us. Your order left our house this morning." */
  message: string;
  /**
   * The text with its quotes, such as `{{inquiry.sla.dueAt}}`, once it was submitted: `message` says what they were then.
   * @example null
   */
  template: string | null;
  @ApiProperty({ enum: RESPONSE_STATUSES, example: 'approved' })
  status: ResponseStatus;
  /**
   * Counts the texts: approve, reject, send and schedule name the one that was seen.
   * @example 1
   */
  revision: number;
  /** @example "01920000-0001-7001-8000-000000000007" */
  respondedBy: string;
  /** @example "01920000-0001-7001-8000-000000000007" */
  submittedBy: string | null;
  submittedAt: Date | null;
  /** @example "01920000-0001-7001-8000-000000000003" */
  approvedBy: string | null;
  approvedAt: Date | null;
  /**
   * By somebody who had a hand in it, where the tenant's policy allows that.
   * @example false
   */
  isSelfApproved: boolean;
  /**
   * The rule of the approval policy that let it go out without approval; nobody approved it then.
   * @example null
   */
  waivedByRule: string | null;
  /** @example null */
  approvalNotes: string | null;
  /**
   * When it goes out by itself.
   * @example null
   */
  sendAt: Date | null;
  @ApiProperty({ enum: HOLD_REASONS, nullable: true, example: null })
  holdReason: HoldReason | null;
  /** With `facts_changed`: what the text quotes, what it was, and what it is now. */
  @ApiProperty({ type: () => StaleFactView, isArray: true, nullable: true, example: null })
  staleFacts: StaleFactView[] | null;
  /** `unknown`: the mail server may or may not have taken it, and a person decides. */
  @ApiProperty({ enum: ['queued', 'unknown'], nullable: true, example: null })
  deliveryState: DeliveryState | null;
  /** @example null */
  failureReason: string | null;
  /** @example null */
  sentAt: Date | null;
  /**
   * The mail's Message-ID header.
   * @example null
   */
  messageId: string | null;
  /** @example null */
  corrects: string | null;
  /**
   * The macro that it is, word for word.
   * @example null
   */
  macroId: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class RevisionView {
  id: string;
  revision: number;
  message: string;
  /** SHA-256 of what an approval binds to. */
  contentHash: string;
  authorId: string;
  at: Date;
}

export class RoundDecisionView {
  stage: number;
  @ApiProperty({ enum: ['approved', 'rejected'] })
  decision: 'approved' | 'rejected';
  decidedBy: string;
  approvalNotes: string | null;
  at: Date;
}

/** One submission and what was decided on it. */
export class ApprovalRoundView {
  id: string;
  revision: number;
  contentHash: string;
  @ApiProperty({ enum: ['pending', 'approved', 'rejected', 'recalled', 'superseded', 'waived'] })
  status: ApprovalStatus;
  requestedBy: string;
  decidedBy: string | null;
  decidedAt: Date | null;
  approvalNotes: string | null;
  /** Each voice, at whichever stage. */
  decisions: RoundDecisionView[];
  createdAt: Date;
}

export class StepView {
  id: string;
  @ApiProperty({ enum: STEP_KINDS })
  kind: StepKind;
  revision: number;
  actorId: string;
  at: Date;
  notes: string | null;
}

export const toView = (response: Response): ResponseView => ({
  id: response.id,
  inquiryId: response.inquiryId,
  customerId: response.customerId,
  message: response.message,
  template: response.template,
  status: response.status,
  revision: response.revision,
  respondedBy: response.respondedBy,
  submittedBy: response.submittedBy,
  submittedAt: response.submittedAt,
  approvedBy: response.approvedBy,
  approvedAt: response.approvedAt,
  isSelfApproved: response.isSelfApproved,
  waivedByRule: response.waivedByRule,
  approvalNotes: response.approvalNotes,
  sendAt: response.sendAt,
  holdReason: response.holdReason,
  staleFacts: response.staleFacts && [...response.staleFacts],
  deliveryState: response.deliveryState,
  failureReason: response.failureReason,
  sentAt: response.sentAt,
  messageId: response.messageId,
  corrects: response.corrects,
  macroId: response.macroId,
  version: response.version,
  createdAt: response.createdAt,
  updatedAt: response.updatedAt,
});
