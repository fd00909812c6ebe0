import type { FieldValues } from '@app/records';
import type { ContactPointDraft } from './contact-points/contact-point.js';
import type { FirstStatus } from './customer.policy.js';
import { type GivenPerson, PERSON_FIELDS } from './person/person.js';

/** What the names of the tenant's own fields begin with. */
export const OWN = 'cf.';

/** What of it stands in columns of its own. */
export const DOCUMENT_FIELDS = [
  ...(['firstName', 'lastName', 'company', 'teamId', 'metadata', 'customFields'] as const),
  ...PERSON_FIELDS,
] as const;

/** What people edit. `email` and `phone` are the primary contact points; `country` tells how to read a national number. */
export type CustomerDocument = GivenPerson & {
  firstName: string;
  lastName: string;
  company: string | null;
  email: string | null;
  phone: string | null;
  country?: string | null;
  teamId: string | null;
  metadata: Record<string, unknown>;
  customFields?: FieldValues;
};
export type CustomerPatch = Partial<Omit<CustomerDocument, 'metadata'>> & { metadata?: Record<string, unknown> | null };
export type NewCustomer = Pick<CustomerDocument, 'firstName'> &
  Partial<CustomerDocument> & {
    id?: string;
    status?: FirstStatus;
    source?: string;
    contactPoints?: ContactPointDraft[];
  };
