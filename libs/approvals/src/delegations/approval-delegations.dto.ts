import { Instant, MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import type { ApprovalDelegation } from './approval-delegation.entity.js';

export class DelegateApprovalsDto {
  /**
   * Who decides meanwhile; needs a permission to decide of their own.
   * @example "01920000-0001-7001-8000-000000000004"
   */
  @IsUUID()
  toUserId: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2030-07-01T00:00:00Z' })
  @Instant()
  from: Date;

  @ApiProperty({ type: String, format: 'date-time', example: '2030-07-15T00:00:00Z' })
  @Instant()
  until: Date;

  /**
   * Whose place it is: yours, unless you may manage approvals.
   * @example "01920000-0001-7001-8000-000000000003"
   */
  @MayBeAbsent()
  @IsUUID()
  userId?: string;
}

export class ApprovalDelegationView {
  id: string;
  /** Who is absent. */
  userId: string;
  /** Who decides in their place. */
  toUserId: string;
  from: Date;
  until: Date;
  createdBy: string;
  revokedAt: Date | null;
  version: number;
  createdAt: Date;
}

export const toView = (delegation: ApprovalDelegation): ApprovalDelegationView => ({
  id: delegation.id,
  userId: delegation.userId,
  toUserId: delegation.delegateId,
  from: delegation.fromAt,
  until: delegation.untilAt,
  createdBy: delegation.createdBy,
  revokedAt: delegation.revokedAt,
  version: delegation.version,
  createdAt: delegation.createdAt,
});
