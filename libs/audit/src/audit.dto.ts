import { ApiProperty } from '@nestjs/swagger';
import { type Fault, FAULT_KINDS, type FaultKind, type Verification } from './verification/verification.js';

/** One row of the trail. */
export class AuditEntryView {
  /** @example 4711 */
  id: number;
  at: Date;
  /** @example "01920000-0000-7000-8000-000000000101" */
  actorId: string;
  /** @example "Clara Sommer" */
  actorName: string;
  /** Who really acted, where somebody saw the system as another person: `actorId` is that person. */
  impersonatorId: string | null;
  requestId: string | null;
  /** @example "responses" */
  entity: string;
  entityId: string;
  /**
   * `created`, `updated`, `deleted`, or what a context has recorded: `exported`, `denied`.
   * @example "updated"
   */
  action: string;
  /** Of a change only what differed; null after an erasure. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: { status: 'draft' } })
  before: Record<string, unknown> | null;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: { status: 'pending_approval' } })
  after: Record<string, unknown> | null;
  /** Whether it already stands in the hash chain. */
  isSealed: boolean;
  erasedAt: Date | null;
}

export class AuditFaultView {
  @ApiProperty({ enum: FAULT_KINDS })
  kind: FaultKind;
  /** Place in the chain; null for a row that is not in it. */
  seq: number | null;
  /** The audit row; null when it is gone with its seal. */
  id: number | null;
  /** The first bad row lies between `seq` and this place, where a checkpoint proves it. */
  upToSeq?: number;
}

export class CheckpointsView {
  /** Signed checkpoints that were compared with the chain. */
  compared: number;
  /** Place of the newest one: the chain is proven to reach it. */
  newestSeq: number | null;
  isOutsideCopyFound: boolean;
  /** Lines cut off by a crash, or signed with a key that is no longer known. */
  unreadable: number;
}

export class VerificationView {
  valid: boolean;
  /** Sealed rows checked, up to the first fault. */
  rows: number;
  /** Rows whose payload was erased on the record; they verify. */
  erased: number;
  /** Rows too young to be sealed. */
  unsealed: number;
  checkpoints: CheckpointsView;
  brokenAt?: AuditFaultView;
}

const toFaultView = ({ auditId, ...fault }: Fault): AuditFaultView => ({ ...fault, id: auditId });

export const toVerificationView = ({ brokenAt, ...verification }: Verification): VerificationView => ({
  ...verification,
  ...(brokenAt && { brokenAt: toFaultView(brokenAt) }),
});
