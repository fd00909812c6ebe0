import { MayBeAbsent } from '@app/platform';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsString,
  IsUUID,
  MaxLength,
} from 'class-validator';
import type { Handover, HandoverWish } from './handover.service.js';

export class HandOver {
  /**
   * Who gets it: an active user.
   * @example "01920000-0001-7001-8000-000000000002"
   */
  @IsUUID()
  to: string;

  /**
   * Only these: `approvals`, `customers`, `drafts`, `inquiries`. Absent: everything.
   * @example ["customers","inquiries"]
   */
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(40, { each: true })
  kinds?: string[];

  /**
   * Count what would pass, and change nothing.
   * @example true
   */
  @MayBeAbsent()
  @IsBoolean()
  dryRun?: boolean;

  /**
   * Deactivate the user as well, which needs `users:deactivate`.
   * @example false
   */
  @MayBeAbsent()
  @IsBoolean()
  deactivate?: boolean;
}

export const toWish = ({ to, kinds, dryRun = false, deactivate = false }: HandOver): HandoverWish => ({
  to: to.toLowerCase(),
  kinds,
  isDryRun: dryRun,
  deactivates: deactivate,
});

export class PassedView {
  /** @example "customers" */
  kind: string;
  /** @example 12 */
  count: number;
}

export class HandoverView {
  /** @example "01920000-0001-7001-8000-000000000001" */
  from: string;
  /** @example "01920000-0001-7001-8000-000000000002" */
  to: string;
  /** Whether nothing was changed. */
  dryRun: boolean;
  isDeactivated: boolean;
  passed: PassedView[];
  /** @example 17 */
  total: number;
}

export const toHandoverView = ({ from, to, isDryRun, deactivates, passed }: Handover): HandoverView => ({
  from,
  to,
  dryRun: isDryRun,
  isDeactivated: deactivates && !isDryRun,
  passed: [...passed],
  total: passed.reduce((sum, { count }) => sum + count, 0),
});
