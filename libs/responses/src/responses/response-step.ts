export const STEP_KINDS = [
  'drafted',
  'edited',
  'submitted',
  'recalled',
  'approved',
  'rejected',
  'scheduled',
  'cancelled',
  'held',
  'released',
  'dispatched',
  'retried',
  'sent',
  'failed',
  'delivery_unknown',
  'discarded',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** One thing that happened to a response: kept for good, since the row itself shows only where it stands now. */
export type Step = {
  readonly id: string;
  readonly kind: StepKind;
  readonly revision: number;
  readonly actorId: string;
  readonly at: Date;
  readonly notes: string | null;
};
