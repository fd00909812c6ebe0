import { Tells } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { DUPLICATE_STATUSES, type DuplicateStatus } from './duplicate.entity.js';
import { type DuplicateRulesDocument, ON_CREATE, type OnCreate } from './duplicate-rules.entity.js';
import type { CurrentRules } from './duplicate-rules.service.js';
import type { DuplicateScan } from './duplicate-scan.entity.js';

const REASONS = ['same_email', 'same_phone', 'similar_name', 'similar_company'] as const;

export class LikenessView {
  @ApiProperty({ enum: REASONS, example: 'same_phone' })
  reason: (typeof REASONS)[number];
  /**
   * Its part of the score.
   * @example 45
   */
  points: number;
}

@Tells('customers')
export class DuplicateCustomerView {
  /** @example "01920000-0001-7004-8000-000000000001" */
  id: string;
  firstName: string;
  lastName: string;
  email: string | null;
  phone: string | null;
  company: string | null;
}

/** Two customers who are probably one person. */
export class DuplicateView {
  /** @example "01920000-0001-7021-8000-000000000001" */
  id: string;
  customer: DuplicateCustomerView;
  other: DuplicateCustomerView;
  /**
   * Of 100.
   * @example 90
   */
  score: number;
  @ApiProperty({ type: [LikenessView] })
  reasons: LikenessView[];
  @ApiProperty({ enum: DUPLICATE_STATUSES, example: 'open' })
  status: DuplicateStatus;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class DuplicateScanView {
  id: string;
  @ApiProperty({ enum: ['running', 'done'], example: 'running' })
  state: 'running' | 'done';
  /** Customers looked at so far. */
  scanned: number;
  /** Pairs found so far, those that were dismissed included. */
  found: number;
  startedBy: string;
  version: number;
  createdAt: Date;
  finishedAt: Date | null;
}

export class DuplicateRulesDto {
  /**
   * From which score on two records count as duplicates.
   * @example 60
   */
  @IsInt()
  @Min(50)
  @Max(100)
  leastScore: number;

  /** What becomes of a new customer who is probably there already: nothing, a pair in the list, or 409 `likely_duplicate`. */
  @ApiProperty({ enum: ON_CREATE, example: 'note' })
  @IsIn(ON_CREATE)
  onCreate: OnCreate;
}

export class DuplicateRulesView {
  /** @example 60 */
  leastScore: number;
  @ApiProperty({ enum: ON_CREATE, example: 'allow' })
  onCreate: OnCreate;
  /** 0 until something is changed. */
  version: number;
}

export const toScanView = (scan: DuplicateScan): DuplicateScanView => {
  const { id, state, scanned, found, startedBy, version, createdAt, finishedAt } = scan;
  return { id, state, scanned, found, startedBy, version, createdAt, finishedAt };
};

export const toRules = ({ leastScore, onCreate }: DuplicateRulesDto): DuplicateRulesDocument => ({
  leastScore,
  onCreate,
});

export const toRulesView = ({ leastScore, onCreate, version }: CurrentRules): DuplicateRulesView => ({
  leastScore,
  onCreate,
  version,
});
