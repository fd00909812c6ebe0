import type { FieldValues } from '@app/records';
import type { ContactPointDraft } from './contact-points/contact-point.js';
import type { FirstStatus } from './customer.policy.js';
import type { GivenPerson } from './person/person.js';

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
