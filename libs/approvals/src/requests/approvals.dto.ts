import { MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { APPROVALS, type ApprovalStatus, type Decision } from './approval.policy.js';

const MOST_REVISIONS = 2_147_483_647;
const LONGEST_NOTES = 10_000;

class SeenDto {
  /**
   * The revision that you have seen; 428 without it.
   * @example 1
   */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(MOST_REVISIONS)
  revision?: number;
}

export class ApproveDto extends SeenDto {
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_NOTES)
  approvalNotes?: string | null;
}

export class RejectDto extends SeenDto {
  /**
   * What has to change.
   * @example "Please quote the delivery date."
   */
  @IsString()
  @MaxLength(LONGEST_NOTES)
  approvalNotes: string;
}

export class ApprovalView {
  /** @example "01920000-0001-700c-8000-000000000017" */
  id: string;
  /** @example "responses.response" */
  subjectKind: string;
  /** @example "01920000-0001-7009-8000-000000000017" */
  subjectId: string;
  /** @example 1 */
  revision: number;
  /** @example "Answer to INQ-000178" */
  title: string;
  /** @example "01920000-0001-7002-8000-000000000001" */
  teamId: string | null;
  /** By when the decision is needed: the inquiry's nearest deadline, for a response. */
  dueAt: Date | null;
  /** @example "01920000-0001-7001-8000-000000000006" */
  requestedBy: string;
  @ApiProperty({ enum: APPROVALS.states })
  status: ApprovalStatus;
  stage: number;
  /** How many people must approve in this stage. */
  required: number;
  decidedBy: string | null;
  decidedAt: Date | null;
  approvalNotes: string | null;
  /** Whether you may decide on it now. */
  mayDecide: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class DecisionView {
  id: string;
  stage: number;
  revision: number;
  @ApiProperty({ enum: ['approved', 'rejected'] })
  decision: Decision;
  decidedBy: string;
  approvalNotes: string | null;
  /** By somebody who had a hand in it, where the policy allows that. */
  isSelfApproval: boolean;
  at: Date;
}

export class ApprovalDetailView extends ApprovalView {
  contentHash: string;
  /** Author, editors and submitter: who may not decide. */
  excluded: string[];
  decisions: DecisionView[];
}
