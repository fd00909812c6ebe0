import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { type Reason, REASONS } from './lead-merge.entity.js';

export class MergeLeadDto {
  /**
   * The lead that goes on for both.
   * @example "01920000-0001-7042-8000-000000000002"
   */
  @IsUUID()
  into: string;
}

export class LeadMergeView {
  id: string;
  survivorId: string;
  loserId: string;
  /** The cleanup that did it; null: somebody by hand. */
  cleanupId: string | null;
  /** Why they are taken for one person. */
  @ApiProperty({ enum: REASONS, isArray: true, example: ['same_email'] })
  reasons: Reason[];
  mergedBy: string;
  undoneBy: string | null;
  undoneAt: Date | null;
  createdAt: Date;
}
