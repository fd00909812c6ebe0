import { Instant, MayBeAbsent, Tells } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type { Money } from '../projects/project.entity.js';
import { MoneyDto } from '../projects/projects.dto.js';
import { LONGEST_DAY, MOST_APPROVED, WORKLOG_STATUSES, type WorklogStatus } from './worklog.policy.js';

@Tells('worklogs')
export class WorklogView {
  /** @example "01920000-0001-701b-8000-000000000001" */
  id: string;
  /** Whose time it is. */
  userId: string;
  /** @example "01920000-0001-7004-8000-000000000001" */
  customerId: string | null;
  projectId: string | null;
  taskId: string | null;
  /** @example "Measured the hall" */
  description: string;
  @ApiProperty({ enum: WORKLOG_STATUSES, example: 'recorded' })
  status: WorklogStatus;
  startedAt: Date;
  endedAt: Date | null;
  /** @example 90 */
  minutes: number | null;
  isBillable: boolean;
  /** What an hour costs, as it was when the work began. */
  @ApiProperty({ type: MoneyDto, nullable: true })
  rate: Money | null;
  approvedAt: Date | null;
  approvedBy: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

@Tells('worklogs')
export class WorklogDetail extends WorklogView {
  /** Other time of the same person that lies in this one's: a warning, no fault. */
  overlaps: string[];
}

/** On what somebody works: a task (its project and customer follow), a project (its customer follows), or a customer. */
@Tells('worklogs')
export class StartWork {
  /** @example "01920000-0001-7019-8000-000000000001" */
  @IsOptional()
  @IsUUID()
  taskId?: string | null;

  @IsOptional()
  @IsUUID()
  projectId?: string | null;

  @IsOptional()
  @IsUUID()
  customerId?: string | null;

  /** @example "Measured the hall" */
  @MayBeAbsent()
  @IsString()
  @MaxLength(2_000)
  description?: string;

  @ApiPropertyOptional({ default: true })
  @MayBeAbsent()
  @IsBoolean()
  isBillable?: boolean;
}

@Tells('worklogs')
export class StopWork {
  /** In place of what was said at the start. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(2_000)
  description?: string;
}

@Tells('worklogs')
export class RecordWork extends StartWork {
  @ApiProperty({ type: String, format: 'date-time', example: '2026-11-02T08:00:00Z' })
  @Instant()
  startedAt: Date;

  /** @example 90 */
  @IsInt()
  @Min(1)
  @Max(LONGEST_DAY)
  minutes: number;
}

@Tells('worklogs')
export class CorrectWork {
  /** @example "Measured the hall, twice" */
  @MayBeAbsent()
  @IsString()
  @MaxLength(2_000)
  description?: string;

  @MayBeAbsent()
  @IsBoolean()
  isBillable?: boolean;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  @MayBeAbsent()
  @Instant()
  startedAt?: Date;

  /** @example 120 */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(LONGEST_DAY)
  minutes?: number;
}

export class ApproveWork {
  /** @example ["01920000-0001-701b-8000-000000000001"] */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_APPROVED)
  @IsUUID(undefined, { each: true })
  ids: string[];
}

export class ApprovedWork {
  /** Those that are approved, whether now or before. */
  ids: string[];
}
