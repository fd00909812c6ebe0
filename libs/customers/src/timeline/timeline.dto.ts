import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

const asNumber = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;

export class TimelineQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
  @IsOptional()
  @Transform(asNumber)
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  /** `meta.nextCursor` of the page before, with the same kinds and order. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  cursor?: string;

  /**
   * Only these kinds, comma-separated.
   * @example "customers.status-changed,customers.assigned"
   */
  @IsOptional()
  @IsString()
  @Matches(/^[a-z-]+\.[a-z-]+(,[a-z-]+\.[a-z-]+){0,49}$/, {
    message: 'must be kinds such as customers.created, comma-separated',
  })
  kind?: string;

  /** The newest first, unless `asc`. */
  @ApiPropertyOptional({ enum: ['asc', 'desc'], default: 'desc' })
  @IsOptional()
  @IsIn(['asc', 'desc'])
  order?: 'asc' | 'desc';
}

export class TimelineRef {
  /** @example "inquiries" */
  resource: string;
  id: string;
}

export class TimelineEntryView {
  id: string;
  /** @example "customers.status-changed" */
  kind: string;
  at: Date;
  /** @example "Became customer" */
  title: string;
  /** The record to open. */
  ref: TimelineRef;
  actorId: string | null;
  /** @example { "from": "lead", "to": "customer" } */
  details: Record<string, unknown>;
}
