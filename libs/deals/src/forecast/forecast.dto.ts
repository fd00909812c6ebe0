import { CURRENCIES } from '@app/kernel';
import { Day, MayBeAbsent, Tells } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsUUID, Matches } from 'class-validator';
import type { ExchangeRate } from './exchange-rate.entity.js';

const aCode = { message: 'must be an ISO 4217 code' };

export const GROUPINGS = ['month', 'owner', 'team', 'pipeline'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export class ForecastQuery {
  /** The first day; that of this month unless given. */
  @ApiProperty({ type: String, format: 'date', required: false })
  @MayBeAbsent()
  @Day()
  from?: string;

  /** The last day; that of the month after the next unless given. */
  @ApiProperty({ type: String, format: 'date', required: false })
  @MayBeAbsent()
  @Day()
  to?: string;

  @ApiProperty({ enum: GROUPINGS, default: 'month', required: false })
  @MayBeAbsent()
  @IsIn(GROUPINGS)
  groupBy?: Grouping;

  /** What it is told in; that of the pipeline unless given. */
  @ApiProperty({ type: String, required: false, example: 'EUR' })
  @MayBeAbsent()
  @IsIn(CURRENCIES, aCode)
  currency?: string;

  /** One pipeline only. */
  @MayBeAbsent()
  @IsUUID()
  pipelineId?: string;

  /** Somebody's only. */
  @MayBeAbsent()
  @IsUUID()
  ownerId?: string;
}

/** Sums of what deals are worth. */
export const SUMS = {
  ...{ won: 'amount', commit: 'amount', bestCase: 'amount', pipeline: 'amount' },
  weighted: ['amount', 'probability'],
};

@Tells('deals', SUMS)
export class ForecastSums {
  /** Won in the period. */
  won: number;
  /** Won, and open in a stage that counts as commit. */
  commit: number;
  /** Commit, and open in a stage that counts as best case. */
  bestCase: number;
  /** Best case, and open in a stage of the pipeline at large. */
  pipeline: number;
  /** Won, and of what is open in a stage that is not omitted as much as its probability. */
  weighted: number;
  /** How many deals are in these sums. */
  deals: number;
}

@Tells('deals', SUMS)
export class ForecastGroup extends ForecastSums {
  /**
   * The month, or the id of the owner, team or pipeline; null: nobody's, no team's.
   * @example "2027-03"
   */
  @ApiProperty({ type: String, nullable: true, example: '2027-03' })
  key: string | null;
}

@Tells('deals', { amount: 'amount' })
export class Unconverted {
  /** @example "USD" */
  currency: string;
  /** In minor units of that currency. */
  amount: number;
  deals: number;
}

export class ForecastView {
  /** Of all sums, which are in its minor units. */
  @ApiProperty({ type: String, example: 'EUR' })
  currency: string;
  @ApiProperty({ type: String, format: 'date' })
  from: string;
  @ApiProperty({ type: String, format: 'date' })
  to: string;
  @ApiProperty({ enum: GROUPINGS })
  groupBy: Grouping;
  groups: ForecastGroup[];
  /** The sums of the groups. */
  total: ForecastSums;
  /** What is in no sum, since no rate of its currency was known on its day. */
  unconverted: Unconverted[];
}

export class RateView {
  id: string;
  @ApiProperty({ type: String, example: 'EUR' })
  base: string;
  @ApiProperty({ type: String, example: 'USD' })
  currency: string;
  /** It holds from this day on until the next one. */
  @ApiProperty({ type: String, format: 'date', example: '2026-11-02' })
  day: string;
  /**
   * What one unit of `currency` is in `base`, as decimal text: a rate is no binary fraction.
   * @example "0.860000000000"
   */
  rate: string;
  createdBy: string;
  createdAt: Date;
}

export class RateDto {
  @ApiProperty({ type: String, example: 'EUR' })
  @IsIn(CURRENCIES, aCode)
  base: string;

  @ApiProperty({ type: String, example: 'USD' })
  @IsIn(CURRENCIES, aCode)
  currency: string;

  @ApiProperty({ type: String, format: 'date', example: '2026-11-28' })
  @Day()
  day: string;

  /**
   * Decimal text with at most twelve places.
   * @example "0.8615"
   */
  @Matches(/^(?!0+(?:\.0+)?$)\d{1,9}(?:\.\d{1,12})?$/, { message: 'must be a positive decimal such as 0.8615' })
  rate: string;
}

export function toRateView({ id, base, currency, day, rate, createdBy, createdAt }: ExchangeRate): RateView {
  return { id, base, currency, day, rate, createdBy, createdAt };
}
