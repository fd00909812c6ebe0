import type { ImportField } from '@app/platform';
import { CUSTOMER_STATUSES, FIRST_STATUSES } from '../customer.policy.js';
import { PERSON_FIELDS, PREFERRED_CHANNELS } from '../person/person.js';

export const CUSTOMER_FIELDS: readonly ImportField[] = [
  { name: 'id', type: 'text', isKey: true, description: 'Finds a customer; a new one gets an id of its own' },
  { name: 'firstName', type: 'text', isRequired: true, description: 'Up to 100 characters' },
  { name: 'lastName', type: 'text', description: 'Up to 100 characters' },
  { name: 'company', type: 'text', description: 'Up to 200 characters' },
  { name: 'email', type: 'text', isKey: true, description: 'The primary address; unique in the tenant' },
  { name: 'phone', type: 'text', isKey: true, description: 'The primary number, international or with country' },
  { name: 'country', type: 'text', description: 'How to read a national number: ISO 3166-1 alpha-2' },
  { name: 'birthday', type: 'date', description: 'A day from 1900 until today' },
  { name: 'timeZone', type: 'text', description: 'IANA, such as Europe/Berlin' },
  { name: 'language', type: 'text', description: 'BCP 47, such as de-AT' },
  { name: 'preferredChannel', type: 'text', description: PREFERRED_CHANNELS.join(', ') },
  { name: 'quietHours', type: 'text', description: "Such as 21:00-08:00, on the clocks of the customer's own zone" },
  { name: 'teamId', type: 'text', description: 'The team whose members reach the customer' },
  {
    name: 'status',
    type: 'text',
    description: `Of a new one ${FIRST_STATUSES.join(', ')}; else ${CUSTOMER_STATUSES.join(', ')}, as it may change`,
  },
];

/** What of a customer a file may say, and taking it back puts back. */
export const IMPORTED_FIELDS = [
  'firstName',
  'lastName',
  'company',
  'teamId',
  'status',
  'contactPoints',
  'customFields',
  ...PERSON_FIELDS,
] as const;
export type ImportedField = (typeof IMPORTED_FIELDS)[number];
