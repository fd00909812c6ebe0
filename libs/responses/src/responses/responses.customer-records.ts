import { customerRecordsIn } from '@app/platform';

/** Answers to two customers who are one. */
export const ResponsesOfCustomers = customerRecordsIn({
  'responses.customer_id': { isVersioned: true },
  'response_steps.customer_id': {},
});
