import { definePort } from './port.js';

/** Whose work passes to whom. */
export type Passage = { readonly from: string; readonly to: string };

/** What is somebody's, and passes to another when they leave: a context's own records, by its own verbs. */
export interface Ownership {
  /** What the people who ask for a part of it call it: `customers`. */
  readonly kind: string;
  /** The columns that say whose it is, `table.column`: a test finds those that nobody passes on. */
  readonly columns: readonly string[];
  /** How many would pass now. */
  count(from: string): Promise<number>;
  /** In the open transaction, while nothing new becomes `from`'s. Answers how many passed. */
  pass(passage: Passage): Promise<number>;
}

export const OwnershipPort = definePort<Ownership>('ownership');
