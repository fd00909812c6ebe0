import { customerRecordsIn } from '@app/platform';

/** Mails of two customers who are one. */
export const MailsOfCustomers = customerRecordsIn({ 'mails.customer_id': { isVersioned: true } });
