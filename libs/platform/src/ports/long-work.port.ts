import { definePort } from './port.js';

/** How often each thing came of it: `{ created: 12, refused: 1 }`. */
export type Tally = Readonly<Record<string, number>>;

/** A job while somebody works on it. Its row is the truth: whoever finds that another went on stops. */
export interface JobAtWork {
  readonly id: string;
  /** The record that it is about. */
  readonly subjectId: string;
  /** How many are done. */
  readonly done: number;
  /** False when it is somebody else's turn: the rest is done in another delivery. */
  readonly isInTime: boolean;
  expect(total: number): Promise<void>;
  /**
   * In one transaction, in which the row is held: the work and that it is done, both or neither. False when the job is over,
   * was cancelled, or another worker has gone on with it.
   */
  advance(by: number, work: () => Promise<Tally>): Promise<boolean>;
  /** For what begins anew after a crash: how far it is. False when it was cancelled. */
  report(done: number): Promise<boolean>;
}

export type JobEnd = {
  readonly state: 'done' | 'failed' | 'cancelled';
  readonly tally: Tally;
  readonly problem: { readonly code: string; readonly detail: string } | null;
};

/** Work that takes longer than a request. It runs in the worker, as who asked for it, with the rights they have by then. */
export interface LongWork {
  /** `imports.run` */
  readonly kind: string;
  /** Outside of any transaction, and again after a crash. Answers whether all is done. */
  run(job: JobAtWork): Promise<boolean>;
  /** In the transaction that ends the job, as the system where its owner is gone. Answers where its result is read. */
  ended(subjectId: string, end: JobEnd): Promise<string | null>;
}

export const LongWorkPort = definePort<LongWork>('long-work');
