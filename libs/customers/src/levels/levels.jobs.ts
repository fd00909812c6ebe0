import { defineJob } from '@app/platform';

/** `due`: the `until` of the pin that this job belongs to. Moved or lifted, the customer has another pin or none. */
export const EndLevelPin = defineJob<{ customerId: string; due: string }>(
  'customers.end-level-pin',
  'Let the level that a customer has earned count again, once the pin is over that held it up.',
);
