import { Tells } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { DEAL_STATUSES, type DealStatus } from './deal.policy.js';

export const MOVE_KINDS = ['created', 'moved', 'won', 'lost', 'reopened'] as const;
export type MoveKind = (typeof MOVE_KINDS)[number];

@Tells('deals', { amount: 'amount', probability: 'probability', reason: 'lostReason' })
export class DealMoveView {
  id: string;
  @ApiProperty({ enum: MOVE_KINDS, example: 'moved' })
  kind: MoveKind;
  pipelineId: string;
  /** It may be gone by now. */
  stageId: string;
  /**
   * As it was called then.
   * @example "Proposal"
   */
  stageName: string;
  @ApiProperty({ enum: DEAL_STATUSES, example: 'open' })
  status: DealStatus;
  /** As it was then, in minor units. */
  amount: number | null;
  /** @example "EUR" */
  currency: string;
  /** @example 40 */
  probability: number;
  /** Why it was lost or reopened. */
  reason: string | null;
  movedBy: string;
  movedAt: Date;
  /** How long it stood so; null while it does. */
  seconds: number | null;
  /** Of the deal, as it was then. */
  version: number;
}
