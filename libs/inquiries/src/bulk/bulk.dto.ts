import type { FieldFault } from '@app/kernel';
import { MayBeAbsent, RECORD, Tells } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsInt, IsObject, IsUUID, Min, ValidateNested } from 'class-validator';

export const BULK_VERBS = ['update', 'assign', 'status', 'snooze', 'spam', 'trash', 'restore'] as const;
export type BulkVerb = (typeof BULK_VERBS)[number];
const MOST_OPERATIONS = 100;

@Tells('inquiries', { data: RECORD })
export class InquiryBulkOperation {
  @ApiProperty({ enum: BULK_VERBS, example: 'status' })
  @IsIn(BULK_VERBS)
  op: BulkVerb;

  /** @example "01920000-0001-7006-8000-000000000002" */
  @IsUUID()
  id: string;

  /** The version that was seen, as If-Match would say it. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  version?: number;

  /**
   * The body that the route of this operation takes.
   * @example { "status": "open" }
   */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @MayBeAbsent()
  @IsObject()
  data?: Record<string, unknown>;
}

export class InquiryBulkRequest {
  @ApiProperty({ type: () => InquiryBulkOperation, isArray: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_OPERATIONS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => InquiryBulkOperation)
  operations: InquiryBulkOperation[];
}

export class InquiryBulkProblem {
  /** @example "invalid_transition" */
  code: string;
  detail: string;
  @ApiPropertyOptional({ type: 'array', items: { type: 'object', additionalProperties: true } })
  errors?: FieldFault[];
}

export class InquiryBulkResult {
  /** Of the operation in the request, from 0. */
  index: number;
  @ApiProperty({ enum: BULK_VERBS, example: 'status' })
  op: BulkVerb;
  id: string;
  /**
   * 200, or as the route of this operation would refuse it.
   * @example 200
   */
  status: number;
  /** How the inquiry stands now; null where the operation was refused, or the inquiry is in the trash. */
  version: number | null;
  @ApiProperty({ type: InquiryBulkProblem, nullable: true })
  problem: InquiryBulkProblem | null;
}

export class InquiryBulkCounts {
  total: number;
  succeeded: number;
  failed: number;
}

export class InquiryBulkAnswer {
  data: InquiryBulkResult[];
  meta: InquiryBulkCounts;
}
