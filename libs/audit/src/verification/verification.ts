/**
 * `altered`: the row is not what was sealed. `deleted`: a sealed row is gone. `gap`: rows are gone with their seals.
 * `unchained`: seals do not follow from each other (altered, inserted or reordered). `inserted`: a row claims a seal that
 * is none. `backdated`: a row is over an hour older than one sealed before it. `unrecorded_erasure`: emptied, and nothing
 * says by whom. `truncated`: the end is missing. `rechained`: consistent, but not what a checkpoint saw.
 * `forged_checkpoint`: a checkpoint whose signature is wrong.
 */
export const FAULT_KINDS = [
  'altered',
  'deleted',
  'gap',
  'unchained',
  'inserted',
  'backdated',
  'unrecorded_erasure',
  'truncated',
  'rechained',
  'forged_checkpoint',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export type Fault = {
  readonly kind: FaultKind;
  /** Place in the chain; null for a row that is not in it. */
  readonly seq: number | null;
  /** The audit row; null when it is gone with its seal. */
  readonly auditId: number | null;
  /** Where a checkpoint proved it, when the first bad row lies somewhere from `seq` to here. */
  readonly upToSeq?: number;
};

export type Verification = {
  readonly valid: boolean;
  /** Sealed rows that were checked. */
  readonly rows: number;
  /** Of them, those whose payload was erased on the record. */
  readonly erased: number;
  /** Rows younger than the last seal: not protected yet. */
  readonly unsealed: number;
  readonly checkpoints: CheckpointsCompared;
  readonly brokenAt?: Fault;
};

export type CheckpointsCompared = {
  readonly compared: number;
  /** Place in the chain of the newest one: what came after it can be cut off unseen. */
  readonly newestSeq: number | null;
  /** Whether this process sees the copy outside the database. */
  readonly isOutsideCopyFound: boolean;
  /** Lines of it that a crash cut off, or signed with a key that is no longer known. */
  readonly unreadable: number;
};

/** The one that comes first in the chain; those outside it last. */
export const firstOf = (faults: readonly (Fault | undefined)[]): Fault | undefined =>
  faults
    .filter((fault) => fault !== undefined)
    .sort((a, b) => (a.seq ?? Number.MAX_SAFE_INTEGER) - (b.seq ?? Number.MAX_SAFE_INTEGER))[0];
