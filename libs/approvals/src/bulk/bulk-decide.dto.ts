import type { FieldFault } from '@app/kernel';
import { MayBeAbsent } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { APPROVALS, type ApprovalStatus, type Decision } from '../requests/approval.policy.js';
import { LONGEST_NOTES, MOST_REVISIONS } from '../requests/approvals.dto.js';

export const MOST_DECISIONS = 100;
const DECISIONS = ['approved', 'rejected'] as const satisfies readonly Decision[];

export class BulkDecisionDto {
  /**
   * Of the approval request.
   * @example "01920000-0001-700c-8000-000000000017"
   */
  @IsUUID()
  id: string;

  /**
   * The revision that you have seen.
   * @example 1
   */
  @IsInt()
  @Min(1)
  @Max(MOST_REVISIONS)
  revision: number;

  @ApiProperty({ enum: DECISIONS, example: 'approved' })
  @IsIn(DECISIONS)
  decision: Decision;

  /** A rejection says what has to change. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(LONGEST_NOTES)
  notes?: string;
}

export class BulkDecideDto {
  @ApiProperty({ type: () => BulkDecisionDto, isArray: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_DECISIONS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => BulkDecisionDto)
  decisions: BulkDecisionDto[];
}

export class DecisionProblem {
  /** @example "stale_revision" */
  code: string;
  detail: string;
  @ApiPropertyOptional({ type: 'array', items: { type: 'object', additionalProperties: true } })
  errors?: FieldFault[];
}

export class BulkDecisionResult {
  /** Of the decision in the request, from 0. */
  index: number;
  id: string;
  /**
   * As the request's own route would answer.
   * @example 200
   */
  status: number;
  /** How the request stands now: `pending` where others have to agree as well; null where the decision was refused. */
  @ApiProperty({ enum: APPROVALS.states, nullable: true, example: 'approved' })
  approvalStatus: ApprovalStatus | null;
  @ApiProperty({ type: DecisionProblem, nullable: true })
  problem: DecisionProblem | null;
}

export class BulkDecisionCounts {
  total: number;
  succeeded: number;
  failed: number;
}

export class BulkDecisionAnswer {
  data: BulkDecisionResult[];
  meta: BulkDecisionCounts;
}
