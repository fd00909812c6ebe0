import { MayBeAbsent } from '@app/platform';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
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
  ValidateNested,
} from 'class-validator';
import { PRIORITIES, type Priority } from '../inquiries/inquiry.policy.js';
import { ESCALATION_OUTCOMES, type EscalationOutcome } from '../escalation/escalation.entity.js';
import {
  CLOCK_KINDS,
  CLOCK_STATES,
  type ClockKind,
  type ClockState,
  ESCALATION_ACTIONS,
  type EscalationAction,
  type Pausing,
  PAUSING,
  USUAL_ESCALATION,
} from './sla.policy.js';
import type { PolicyDocument, SlaPolicy } from './sla-policy.entity.js';

const YEAR_SECONDS = 366 * 86_400;
const MOST_STEPS = 5;

export class EscalationStepDto {
  /**
   * The share of the target that is used up then: 1 when the promise breaks, 2 when it is late by as much again.
   * @example 0.8
   */
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(10)
  after: number;

  /** Who gets it is told by mail; `notify` tells whoever has it, else the leads of its team. */
  @ApiProperty({ enum: ESCALATION_ACTIONS, example: 'notify' })
  @IsIn(ESCALATION_ACTIONS)
  action: EscalationAction;
}

export class SlaPolicyView {
  id: string;
  name: string;
  /** The first policy by position that is for an inquiry counts. */
  position: number;
  /** For whoever no other policy is for; never narrowed, never removed. */
  isDefault: boolean;
  /** Empty: for all. */
  @ApiProperty({ enum: PRIORITIES, isArray: true })
  priorities: string[];
  /** Empty: for all. */
  categories: string[];
  /** Levels of customers. Empty: for all. */
  levels: string[];
  /** Seconds of business time until the first answer; null promises nothing. */
  firstResponseSeconds: number | null;
  /** Seconds of business time from each further message to its answer. */
  nextResponseSeconds: number | null;
  /** Seconds of business time until it is resolved. */
  resolutionSeconds: number | null;
  /** Whose hours count; null: those of the inquiry's team. */
  calendarId: string | null;
  /** Statuses in which the clocks stand still. */
  @ApiProperty({ enum: PAUSING, isArray: true })
  pausesIn: Pausing[];
  /** Share of the target after which a warning is told. */
  warnFraction: number;
  /** What is done when a promise runs out, step by step. */
  escalation: EscalationStepDto[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class SlaPolicyDto {
  /** @example "Urgent" */
  @IsString()
  @Length(1, 100)
  name: string;

  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(10_000)
  position?: number;

  @ApiProperty({ enum: PRIORITIES, isArray: true, required: false })
  @MayBeAbsent()
  @IsArray()
  @ArrayUnique()
  @IsIn(PRIORITIES, { each: true })
  priorities?: Priority[];

  @MayBeAbsent()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  categories?: string[];

  @MayBeAbsent()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @Length(1, 50, { each: true })
  levels?: string[];

  /** @example 3600 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(YEAR_SECONDS)
  firstResponseSeconds?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(YEAR_SECONDS)
  nextResponseSeconds?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(YEAR_SECONDS)
  resolutionSeconds?: number | null;

  @IsOptional()
  @IsUUID()
  calendarId?: string | null;

  @ApiProperty({ enum: PAUSING, isArray: true, required: false })
  @MayBeAbsent()
  @IsArray()
  @ArrayUnique()
  @IsIn(PAUSING, { each: true })
  pausesIn?: Pausing[];

  @MayBeAbsent()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(0.99)
  warnFraction?: number;

  /** In ascending order. Unless given: told at 0.8, to the team's lead at 1, to a manager at 2. Empty escalates nothing. */
  @ApiProperty({ type: EscalationStepDto, isArray: true, required: false, example: USUAL_ESCALATION })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_STEPS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => EscalationStepDto)
  escalation?: EscalationStepDto[];
}

export class EditSlaPolicyDto extends PartialType(SlaPolicyDto, { skipNullProperties: false }) {}

export class EscalationView extends EscalationStepDto {
  /** When it is next, unless it is answered before; null for those behind and while the clock stands still. */
  dueAt: Date | null;
  /** When it was taken. */
  at: Date | null;
  /** `nobody`: there was nobody to be told; `stopped`: the clock had stopped meanwhile. */
  @ApiProperty({ enum: ESCALATION_OUTCOMES, nullable: true })
  outcome: EscalationOutcome | null;
  /** Who was told, or got the inquiry. */
  told: string[];
}

export class InquiryClockView {
  @ApiProperty({ enum: CLOCK_KINDS })
  kind: ClockKind;
  @ApiProperty({ enum: CLOCK_STATES })
  state: ClockState;
  /** Seconds of business time. */
  target: number;
  /** Seconds of business time used up by now. */
  usedSeconds: number;
  /** Seconds of business time that it stood still. */
  pausedSeconds: number;
  /** Null while it stands still. */
  dueAt: Date | null;
  warnAt: Date | null;
  startedAt: Date;
  /** When the promise was kept, broken for good or no longer needed. */
  stoppedAt: Date | null;
  warnedAt: Date | null;
  breachedAt: Date | null;
  policyId: string | null;
  escalation: EscalationView[];
}

export function toPolicyView(policy: SlaPolicy): SlaPolicyView {
  const { id, name, position, isDefault, priorities, categories, levels } = policy;
  const { firstResponseSeconds, nextResponseSeconds, resolutionSeconds, calendarId, pausesIn, warnFraction } = policy;
  const { escalation, version, createdAt, updatedAt } = policy;
  return {
    ...{ id, name, position, isDefault, priorities, categories, levels },
    ...{ firstResponseSeconds, nextResponseSeconds, resolutionSeconds, calendarId, pausesIn, warnFraction },
    ...{ escalation: [...escalation], version, createdAt, updatedAt },
  };
}

/** The whole document: what is absent promises nothing, pauses as usual and is for all. */
export const toDocument = (dto: SlaPolicyDto): PolicyDocument => ({
  name: dto.name,
  position: dto.position ?? 100,
  priorities: dto.priorities ?? [],
  categories: dto.categories ?? [],
  levels: dto.levels ?? [],
  firstResponseSeconds: dto.firstResponseSeconds ?? null,
  nextResponseSeconds: dto.nextResponseSeconds ?? null,
  resolutionSeconds: dto.resolutionSeconds ?? null,
  calendarId: dto.calendarId ?? null,
  pausesIn: dto.pausesIn ?? [...PAUSING],
  warnFraction: dto.warnFraction ?? 0.8,
  escalation: dto.escalation ?? USUAL_ESCALATION,
});
