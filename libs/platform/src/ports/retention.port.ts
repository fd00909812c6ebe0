import { definePort } from './port.js';

/** One kind of record that a tenant keeps for a number of days once it is over, and deletes then. */
export interface Retention {
  /** As the settings name it: `customer_trash`. */
  readonly kind: string;
  readonly description: string;
  /** Unless the tenant says otherwise; null: kept for good. */
  readonly usualDays: number | null;
  /** No tenant may say fewer. */
  readonly leastDays: number;
  /**
   * As the tenant's system actor: deletes for good what was over before that instant, in bounded batches with a commit each.
   * Answers how many are gone. Again after a crash, so it must be safe to run twice.
   */
  purge(before: Date): Promise<number>;
}

export const RetentionPort = definePort<Retention>('retention');
