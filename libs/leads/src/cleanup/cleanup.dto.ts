import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { type Reason, REASONS } from '../merging/lead-merge.entity.js';
import { type Keep, KEEPS } from '../settings/lead-settings.entity.js';
import type { Report, Undoing } from './cleanup.service.js';

export class CleanupQuery {
  /** `true`: reports what would be merged, and merges nothing. */
  @ApiProperty({ enum: ['true', 'false'], required: false, example: 'true' })
  @IsOptional()
  @IsIn(['true', 'false'])
  dryRun?: 'true' | 'false';

  /** Which of several leads of one person goes on; the tenant's setting unless given. */
  @ApiProperty({ enum: KEEPS, required: false })
  @IsOptional()
  @IsIn(KEEPS)
  keep?: Keep;
}

export class LeadPairView {
  survivorId: string;
  loserId: string;
  @ApiProperty({ enum: REASONS, isArray: true, example: ['same_email'] })
  reasons: readonly Reason[];
}

export class CleanupReportView {
  /** Null of a dry run, and where there was nothing to merge. */
  cleanupId: string | null;
  dryRun: boolean;
  @ApiProperty({ enum: KEEPS, example: 'oldest' })
  keep: Keep;
  merged: number;
  /** There are more than one cleanup merges: ask again. */
  hasMore: boolean;
  @ApiProperty({ type: LeadPairView, isArray: true })
  pairs: readonly LeadPairView[];
}

export class LeadCleanupView {
  id: string;
  @ApiProperty({ enum: KEEPS, example: 'oldest' })
  keep: Keep;
  merged: number;
  hasMore: boolean;
  startedBy: string;
  undoneBy: string | null;
  undoneAt: Date | null;
  /** How many of its merges were taken back. */
  undone: number | null;
  createdAt: Date;
}

export class MergeLeftView {
  mergeId: string;
  /** Why it was not taken back: `lead_not_live` when the survivor was merged on. */
  code: string;
}

export class CleanupUndoneView extends LeadCleanupView {
  @ApiProperty({ type: MergeLeftView, isArray: true })
  left: readonly MergeLeftView[];
}

export const toReport = ({ isDryRun, pairs, ...report }: Report): CleanupReportView => ({
  ...report,
  dryRun: isDryRun,
  merged: pairs.length,
  pairs,
});

export function toUndone({ cleanup, left }: Undoing): CleanupUndoneView {
  const { id, keep, merged, hasMore, startedBy, undoneBy, undoneAt, undone, createdAt } = cleanup;
  return { id, keep, merged, hasMore, startedBy, undoneBy, undoneAt, undone, createdAt, left };
}
