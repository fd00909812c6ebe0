import { MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { DistributionRule, RuleDocument } from './distribution-rule.entity.js';
import { type Refusal, REFUSALS, STRATEGIES, type Strategy } from './distribution.policy.js';

const MOST_MEMBERS = 500;
const MOST_SKILLS = 100;
const MOST_AT_ONCE = 10_000;

export class DistributionMemberDto {
  @IsUUID()
  userId: string;

  /**
   * Categories of inquiries that they know about.
   * @example ["billing"]
   */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_SKILLS)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  skills?: string[];

  /** Another than the team's; null: as the team. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_AT_ONCE)
  capacity?: number | null;

  /** Gets nothing for the time being. */
  @MayBeAbsent()
  @IsBoolean()
  isAway?: boolean;
}

export class DistributionRuleDto {
  /** `round_robin`: to whoever has waited longest for one. `least_loaded`: to whoever has the fewest new and open ones. */
  @ApiProperty({ enum: STRATEGIES, example: 'least_loaded' })
  @IsIn(STRATEGIES)
  strategy: Strategy;

  /**
   * How many new and open inquiries each of the team gets at most; null, or absent: any number.
   * @example 20
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_AT_ONCE)
  capacity?: number | null;

  /** An inquiry of a category goes only to who knows about it. */
  @MayBeAbsent()
  @IsBoolean()
  needsSkill?: boolean;

  /** Only in the team's business hours; what comes in between is given when they begin. */
  @MayBeAbsent()
  @IsBoolean()
  keepsHours?: boolean;

  /** Of whom something holds that is not as in the rest of the team. */
  @ApiProperty({ type: DistributionMemberDto, isArray: true, required: false, example: [] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_MEMBERS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => DistributionMemberDto)
  members?: DistributionMemberDto[];
}

export class DistributionMemberView {
  userId: string;
  skills: string[];
  capacity: number | null;
  isAway: boolean;
}

export class DistributionRuleView {
  teamId: string;
  @ApiProperty({ enum: STRATEGIES })
  strategy: Strategy;
  capacity: number | null;
  needsSkill: boolean;
  keepsHours: boolean;
  @ApiProperty({ type: [DistributionMemberView] })
  members: readonly DistributionMemberView[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class CandidateView {
  userId: string;
  /** How many new and open inquiries they had. */
  open: number;
  capacity: number | null;
  /** When they were last given one of the team's. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastGivenAt: string | null;
  /** Why they could not have it; null: they could. */
  @ApiProperty({ enum: REFUSALS, nullable: true })
  refusal: Refusal | null;
}

export class DistributionView {
  /** Null: nobody could have it. */
  assignedTo: string | null;
  teamId: string;
  @ApiProperty({ enum: STRATEGIES })
  strategy: Strategy;
  /** In the order in which they were to have it: the first got it, unless it was refused. */
  @ApiProperty({ type: [CandidateView] })
  candidates: CandidateView[];
  at: Date;
  /** Whether it is still with whom it was given to. */
  isCurrent: boolean;
}

export class AssignmentView {
  assignedTo: string | null;
  teamId: string | null;
  /** Null: it was never given to anybody by itself. */
  @ApiProperty({ type: DistributionView, nullable: true })
  distribution: DistributionView | null;
}

export const toRule = (dto: DistributionRuleDto): RuleDocument => ({
  strategy: dto.strategy,
  capacity: dto.capacity ?? null,
  needsSkill: dto.needsSkill ?? false,
  keepsHours: dto.keepsHours ?? false,
  members: (dto.members ?? []).map(({ userId, skills = [], capacity = null, isAway = false }) => ({
    ...{ userId: userId.toLowerCase(), skills, capacity, isAway },
  })),
});

export const toRuleView = (rule: DistributionRule): DistributionRuleView => {
  const { id: teamId, strategy, capacity, needsSkill, keepsHours, members, version, createdAt, updatedAt } = rule;
  const named = members.map((member) => ({ ...member, skills: [...member.skills] }));
  return { teamId, strategy, capacity, needsSkill, keepsHours, members: named, version, createdAt, updatedAt };
};
