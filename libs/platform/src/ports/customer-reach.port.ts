import type { Actor } from '@app/kernel';
import { definePort } from './port.js';

/**
 * A way to a customer's record besides owning it: a customer is readable through an inquiry that is mine. The predicate is
 * SQL over `customerId` (a column written by the developer); values go into `params` as `$n`.
 */
export interface CustomerReach {
  /** Its name, as a `Way`: `through_my_inquiry`. */
  readonly way: string;
  predicate(customerId: string, actor: Actor, params: unknown[]): string;
}

export const CustomerReachPort = definePort<CustomerReach>('customer-reach');
