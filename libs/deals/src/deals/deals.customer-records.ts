import { customerRecordsIn } from '@app/platform';

/** Deals of two customers who are one. */
export const DealsOfCustomers = customerRecordsIn({ 'deals.customer_id': { isVersioned: true } });
