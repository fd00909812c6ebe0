import { customerRecordsIn } from '@app/platform';

/** Leads that became one of two customers who are one. */
export const LeadsOfCustomers = customerRecordsIn({ 'leads.customer_id': { isVersioned: true } });
