import { CURRENCIES } from '@app/kernel';
import { MayBeAbsent, OneLine } from '@app/platform';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
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
import { DEMANDABLE, type Demandable, type Forecast, FORECASTS, MOST_POINTS, MOST_STAGES } from './pipeline.policy.js';
import type { PipelineStage, StageDocument } from './pipeline-stage.entity.js';

export class PipelineStageView {
  id: string;
  pipelineId: string;
  /** @example "Proposal" */
  name: string;
  /** @example 2 */
  position: number;
  /**
   * Of winning, in percent: what a deal gets as it comes here.
   * @example 40
   */
  probability: number;
  /** Which forecast an open deal counts towards here. */
  @ApiProperty({ enum: FORECASTS, example: 'best_case' })
  forecast: Forecast;
  /** What a deal has before it comes here. */
  @ApiProperty({ enum: DEMANDABLE, isArray: true, example: ['amount'] })
  requires: Demandable[];
  /** What is ticked off at a deal before it comes here. */
  @ApiProperty({ type: [String], example: ['The budget is confirmed'] })
  checklist: string[];
  /** Others approve amount, currency and discount before a deal comes here; they stay so while it is here. */
  needsApproval: boolean;
  /** After so many days here a deal rots. */
  rotDays: number | null;
  /** More open deals than this are too many; it refuses nothing. */
  wipLimit: number | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class PipelineView {
  id: string;
  /** @example "Sales" */
  name: string;
  /**
   * Of new deals, and of reports.
   * @example "EUR"
   */
  currency: string;
  /** New deals go here unless they name another. */
  isDefault: boolean;
  /** Since when nothing is sold by it any more; what was stays in its history and in reports. */
  archivedAt: Date | null;
  /** In their order. */
  stages: PipelineStageView[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class PipelineStageDto {
  /** @example "Demonstration" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  name: string;

  /** @example 4 */
  @IsInt()
  @Min(1)
  @Max(1000)
  position: number;

  /** @example 60 */
  @IsInt()
  @Min(0)
  @Max(100)
  probability: number;

  @ApiProperty({ enum: FORECASTS, default: 'pipeline', required: false })
  @MayBeAbsent()
  @IsIn(FORECASTS)
  forecast?: Forecast;

  @ApiProperty({ enum: DEMANDABLE, isArray: true, required: false, example: ['amount'] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(DEMANDABLE.length)
  @ArrayUnique()
  @IsIn(DEMANDABLE, { each: true })
  requires?: Demandable[];

  @ApiProperty({ type: [String], required: false, example: ['The budget is confirmed'] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_POINTS)
  @ArrayUnique()
  @OneLine({ each: true })
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  checklist?: string[];

  @MayBeAbsent()
  @IsBoolean()
  needsApproval?: boolean;

  /** @example 14 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3650)
  rotDays?: number | null;

  /** @example 20 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  wipLimit?: number | null;
}

export class EditPipelineStageDto extends PartialType(PipelineStageDto, { skipNullProperties: false }) {}

export class EditPipelineDto {
  /** @example "Sales" */
  @MayBeAbsent()
  @OneLine()
  @IsString()
  @Length(1, 100)
  name?: string;

  /**
   * Of new deals; those that there are keep theirs.
   * @example "EUR"
   */
  @ApiProperty({ type: String, required: false, example: 'EUR' })
  @MayBeAbsent()
  @IsIn(CURRENCIES, { message: 'must be an ISO 4217 code' })
  currency?: string;
}

export class PipelineDto {
  /** @example "Partners" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  name: string;

  /**
   * Of its new deals; that of the tenant unless given.
   * @example "EUR"
   */
  @ApiProperty({ type: String, required: false, example: 'EUR' })
  @MayBeAbsent()
  @IsIn(CURRENCIES, { message: 'must be an ISO 4217 code' })
  currency?: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_STAGES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PipelineStageDto)
  stages: PipelineStageDto[];
}

export class RemoveStageQuery {
  /** The stage, of any pipeline, that its deals go to; needed where it has some. */
  @MayBeAbsent()
  @IsUUID()
  to?: string;
}

export class ArchivePipelineQuery {
  /** The stage, of another pipeline, that its open deals go to; needed where it has some. */
  @MayBeAbsent()
  @IsUUID()
  to?: string;
}

export const toStage = (dto: PipelineStageDto): StageDocument => ({
  name: dto.name,
  position: dto.position,
  probability: dto.probability,
  forecast: dto.forecast ?? 'pipeline',
  requires: dto.requires ?? [],
  checklist: dto.checklist ?? [],
  needsApproval: dto.needsApproval ?? false,
  rotDays: dto.rotDays ?? null,
  wipLimit: dto.wipLimit ?? null,
});

export function toStageView(stage: PipelineStage): PipelineStageView {
  const { id, pipelineId, name, position, probability, forecast, requires, rotDays, wipLimit } = stage;
  const { checklist, needsApproval, version, createdAt, updatedAt } = stage;
  return {
    ...{ id, pipelineId, name, position, probability, forecast, requires, checklist, needsApproval, rotDays, wipLimit },
    ...{ version, createdAt, updatedAt },
  };
}
