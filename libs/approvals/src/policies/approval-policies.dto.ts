import { MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { ApprovalRule, GivenRule } from './approval-rules.js';
import { APPROVER_KINDS, type ApproverKind, type Patience } from './stage.js';

const MOST_RULES = 50;
const MOST_STAGES = 5;
const MOST_APPROVERS = 50;
const LONGEST_WAIT_SECONDS = 366 * 86_400;
const OUTCOMES = ['none', 'approval'] as const;

const trimmed = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.trim() : value);

export class ApproversDto {
  /** `team`: of the subject's team, anyone where it has none. Whoever it is needs the permission to decide, within its reach. */
  @ApiProperty({ enum: APPROVER_KINDS, example: 'anyone' })
  @IsIn(APPROVER_KINDS)
  kind: ApproverKind;

  /** The roles or the users, for these two kinds. */
  @ApiProperty({ type: [String], required: false, example: [] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_APPROVERS)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  ids?: string[];
}

export class StageDto {
  @IsObject()
  @ValidateNested()
  @Type(() => ApproversDto)
  approvers: ApproversDto;

  /**
   * How many of them must agree before the next stage begins.
   * @example 1
   */
  @IsInt()
  @Min(1)
  @Max(MOST_APPROVERS)
  required: number;
}

export class ApprovalRuleDto {
  /** @example "Nothing urgent without two managers" */
  @Transform(trimmed)
  @IsString()
  @Length(1, 100)
  name: string;

  /** A condition tree over the facts that this kind of subject hands over; `{"all": []}` is always true. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { field: 'priority', op: 'eq', value: 'urgent' },
  })
  @IsObject()
  when: Record<string, unknown>;

  /** `none`: it goes ahead without anybody's approval, which is recorded. */
  @ApiProperty({ enum: OUTCOMES, example: 'approval' })
  @IsIn(OUTCOMES)
  outcome: (typeof OUTCOMES)[number];

  /** One after the other. Nobody decides twice on one request. */
  @ApiProperty({ type: () => StageDto, isArray: true, required: false })
  @ValidateIf(({ outcome, stages }: ApprovalRuleDto) => outcome === 'approval' || stages !== undefined)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_STAGES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => StageDto)
  stages?: StageDto[];

  /**
   * For `none` alone: how many percent of it somebody else looks at all the same, chosen by a hash and not by chance.
   * @example 5
   */
  @MayBeAbsent()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0)
  @Max(100)
  samplePercent?: number;
}

export class PatienceDto {
  /**
   * Seconds of the team's business hours after which those it waits for are reminded by mail; at each stage once.
   * @example 14400
   */
  @ApiProperty({ type: Number, nullable: true, required: false, example: 14_400 })
  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(LONGEST_WAIT_SECONDS)
  remindAfterSeconds?: number | null;

  /**
   * Seconds of the team's business hours after which others may decide as well; at each stage once.
   * @example 28800
   */
  @ApiProperty({ type: Number, nullable: true, required: false, example: 28_800 })
  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(LONGEST_WAIT_SECONDS)
  escalateAfterSeconds?: number | null;

  /** Who that is: this role, else the leads of the subject's team. They need the permission to decide, within its reach. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, required: false, example: null })
  @IsOptional()
  @IsUUID()
  escalateToRoleId?: string | null;
}

export class ApprovalPolicyDto {
  /** @example "Four eyes" */
  @Transform(trimmed)
  @IsString()
  @Length(1, 100)
  name: string;

  /**
   * Whether who wrote, edited or submitted something may approve it; each such approval is flagged in the audit trail.
   * @example false
   */
  @IsBoolean()
  allowSelfApproval: boolean;

  /**
   * An inactive policy leaves the default in force: one other person decides.
   * @example true
   */
  @IsBoolean()
  isActive: boolean;

  /** The first whose condition holds decides; where none does, one other person approves. Absent: no rules. */
  @ApiProperty({ type: () => ApprovalRuleDto, isArray: true, required: false })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_RULES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ApprovalRuleDto)
  rules?: ApprovalRuleDto[];

  /** When those it waits for are reminded, and when others may decide as well. Absent: never. */
  @ApiProperty({ type: () => PatienceDto, required: false, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PatienceDto)
  patience?: PatienceDto | null;
}

export class ApprovalPolicyView extends ApprovalPolicyDto {
  /** @example "responses.response" */
  subjectKind: string;
  @ApiProperty({ type: () => PatienceDto, nullable: true })
  override patience: PatienceDto | null;
  @ApiProperty({ type: () => ApprovalRuleDto, isArray: true })
  override rules: ApprovalRuleDto[];
  /** How many people must approve where no rule matches. */
  required: number;
  /** 0 while the kind has no policy of its own and the default is in force. */
  version: number;
  updatedAt: Date | null;
}

export const toRules = (rules: readonly ApprovalRuleDto[] = []): GivenRule[] =>
  rules.map(({ name, when, outcome, stages = [], samplePercent }) => ({
    name,
    when,
    outcome,
    samplePercent,
    stages: stages.map(({ approvers: { kind, ids = [] }, required }) => ({
      approvers: { kind, ids: [...new Set(ids.map((id) => id.toLowerCase()))].sort() },
      required,
    })),
  }));

export const toPatience = (given: PatienceDto | null | undefined): Patience | null =>
  given
    ? {
        remindAfterSeconds: given.remindAfterSeconds ?? null,
        escalateAfterSeconds: given.escalateAfterSeconds ?? null,
        escalateToRoleId: given.escalateToRoleId?.toLowerCase() ?? null,
      }
    : null;

export const toRuleView = ({ name, when, stages, samplePercent }: ApprovalRule): ApprovalRuleDto => ({
  name,
  when,
  ...(stages.length
    ? {
        outcome: 'approval',
        stages: stages.map(({ approvers: { kind, ids }, required }) => ({
          approvers: { kind, ids: [...ids] },
          required,
        })),
      }
    : { outcome: 'none', ...(samplePercent ? { samplePercent } : {}) }),
});
