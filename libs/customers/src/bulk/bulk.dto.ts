import type { FieldFault } from '@app/kernel';
import { MayBeAbsent, RECORD, Tells } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsIn,
  IsInt,
  IsObject,
  IsUUID,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

export const BULK_VERBS = ['create', 'update', 'status', 'assign', 'trash', 'restore'] as const;
export type BulkVerb = (typeof BULK_VERBS)[number];
export const MOST_OPERATIONS = 500;

const isOfRecord = ({ op }: BulkOperation): boolean => op !== 'create';

@Tells('customers', { data: RECORD })
export class BulkOperation {
  @ApiProperty({ enum: BULK_VERBS, example: 'status' })
  @IsIn(BULK_VERBS)
  op: BulkVerb;

  /**
   * Of the customer; not for `create`.
   * @example "01920000-0001-7004-8000-000000000001"
   */
  @ValidateIf(isOfRecord)
  @IsUUID()
  id?: string;

  /** The version that was seen, as If-Match would say it. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  version?: number;

  /**
   * The body that the route of this operation takes.
   * @example { "status": "prospect" }
   */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @MayBeAbsent()
  @IsObject()
  data?: Record<string, unknown>;
}

export class BulkRequest {
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_OPERATIONS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => BulkOperation)
  operations: BulkOperation[];
}

export class BulkProblem {
  /** @example "invalid_transition" */
  code: string;
  detail: string;
  @ApiPropertyOptional({ type: 'array', items: { type: 'object', additionalProperties: true } })
  errors?: FieldFault[];
}

export class BulkResult {
  /** Of the operation in the request, from 0. */
  index: number;
  @ApiProperty({ enum: BULK_VERBS, example: 'status' })
  op: BulkVerb;
  /**
   * As the route of this operation would answer.
   * @example 200
   */
  status: number;
  id: string | null;
  version: number | null;
  @ApiProperty({ type: BulkProblem, nullable: true })
  problem: BulkProblem | null;
}

export class BulkCounts {
  total: number;
  succeeded: number;
  failed: number;
}

export class BulkAnswer {
  data: BulkResult[];
  meta: BulkCounts;
}
