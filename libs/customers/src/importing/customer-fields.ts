import type { ImportField, ImportValues } from '@app/platform';
import { CUSTOMER_STATUSES, FIRST_STATUSES } from '../customer.policy.js';

export const CUSTOMER_FIELDS: readonly ImportField[] = [
  { name: 'id', type: 'text', isKey: true, description: 'Finds a customer; a new one gets an id of its own' },
  { name: 'firstName', type: 'text', isRequired: true, description: 'Up to 100 characters' },
  { name: 'lastName', type: 'text', description: 'Up to 100 characters' },
  { name: 'company', type: 'text', description: 'Up to 200 characters' },
  { name: 'email', type: 'text', isKey: true, description: 'The primary address; unique in the tenant' },
  { name: 'phone', type: 'text', isKey: true, description: 'The primary number, international or with country' },
  { name: 'country', type: 'text', description: 'How to read a national number: ISO 3166-1 alpha-2' },
  { name: 'teamId', type: 'text', description: 'The team whose members reach the customer' },
  {
    name: 'status',
    type: 'text',
    description: `Of a new one ${FIRST_STATUSES.join(', ')}; else ${CUSTOMER_STATUSES.join(', ')}, as it may change`,
  },
];

/** A cell as text; undefined where it said nothing. */
export const textOf = (values: ImportValues, name: string): string | undefined =>
  values[name] === undefined ? undefined : String(values[name]);
