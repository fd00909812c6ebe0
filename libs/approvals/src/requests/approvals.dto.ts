import { MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { PatienceDto } from '../policies/approval-policies.dto.js';
import { APPROVER_KINDS, type ApproverKind } from '../policies/stage.js';
import { APPROVALS, type ApprovalStatus, type Decision } from './approval.policy.js';

export const MOST_REVISIONS = 2_147_483_647;
export const LONGEST_NOTES = 10_000;

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
  /**
   * Null where it is hidden.
   * @example "Answer to INQ-000178"
   */
  title: string | null;
  /** What it is about is for others: its title and what was noted are left out. */
  hidden: boolean;
  /** @example "01920000-0001-7002-8000-000000000001" */
  teamId: string | null;
  /** By when the decision is needed: the inquiry's nearest deadline, for a response. */
  dueAt: Date | null;
  /** @example "01920000-0001-7001-8000-000000000006" */
  requestedBy: string;
  @ApiProperty({ enum: APPROVALS.states })
  status: ApprovalStatus;
  /** The one it is at, of so many; each begins when enough have agreed at the one before. */
  stage: number;
  /** @example 1 */
  stages: number;
  /** How many people must approve in this stage. */
  required: number;
  /** How many approvals this stage still waits for. */
  missing: number;
  decidedBy: string | null;
  decidedAt: Date | null;
  approvalNotes: string | null;
  /** When the stage began that it is at. */
  stageSince: Date;
  /** At this stage: when those it waits for were reminded, and since when others may decide as well. */
  remindedAt: Date | null;
  escalatedAt: Date | null;
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
  /** Whose place it was decided from, where that was not their own. */
  onBehalfOf: string | null;
  approvalNotes: string | null;
  /** By somebody who had a hand in it, where the policy allows that. */
  isSelfApproval: boolean;
  at: Date;
}

export class PolicyApproversView {
  @ApiProperty({ enum: APPROVER_KINDS })
  kind: ApproverKind;
  ids: string[];
}

export class PolicyStageView {
  approvers: PolicyApproversView;
  required: number;
}

export class AppliedPolicyView {
  name: string;
  /** Of the policy as it stood at the submission; 0 for the default. */
  version: number;
  /** The rule that matched; null where none did. */
  @ApiProperty({ type: String, nullable: true })
  rule: string | null;
  allowSelfApproval: boolean;
  /** None: it went ahead without approval. */
  stages: PolicyStageView[];
  /** In seconds of the team's business hours; absent or null: nobody is reminded, and nothing escalates. */
  @ApiProperty({ type: () => PatienceDto, nullable: true, required: false })
  patience?: PatienceDto | null;
  /** A rule asked for nobody, and its share of samples had somebody look all the same. */
  isSample?: boolean;
}

export class ApprovalDetailView extends ApprovalView {
  contentHash: string;
  /** What was in force when it was submitted, and counts until it is decided; null for what is older than such policies. */
  @ApiProperty({ type: () => AppliedPolicyView, nullable: true })
  policy: AppliedPolicyView | null;
  /** Author, editors and submitter: who may not decide. */
  excluded: string[];
  decisions: DecisionView[];
}
