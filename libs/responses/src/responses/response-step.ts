import { Aggregate, newId } from '@app/kernel';

export const STEP_KINDS = [
  'drafted',
  'edited',
  'quoted',
  'submitted',
  'recalled',
  'escalated',
  'rerouted',
  'delegated',
  'approved',
  'waived',
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

/** What keeps a step of everything that happens to it. */
export abstract class Chronicled<Self> extends Aggregate<Self> {
  abstract readonly revision: number;
  readonly #steps: Step[] = [];

  /** Hands over what happened since the last call; written with the row, for the record's history and the timeline. */
  releaseSteps(): Step[] {
    return this.#steps.splice(0);
  }

  protected step(kind: StepKind, actorId: string, at: Date, notes: string | null = null): void {
    this.#steps.push({ id: newId(), kind, revision: this.revision, actorId, at, notes });
  }
}
