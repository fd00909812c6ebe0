import { defineEvent } from '@app/kernel';

type About = { customerId: string };

export const CustomerCreated = defineEvent<About & { status: string; source: string }>(
  'customers.created',
  'A customer was created, by a person or because somebody unknown wrote',
);
export const CustomerUpdated = defineEvent<About & { changed: string[] }>(
  'customers.updated',
  'Fields or contact points of a customer changed; `changed` names them',
);
export const CustomerStatusChanged = defineEvent<About & { from: string; to: string; reason: string | null }>(
  'customers.status-changed',
  'A customer moved to another status',
);
export const CustomerWon = defineEvent<About>(
  'customers.won',
  'Somebody became a customer for the first time; told once in the life of a record',
);
export const CustomerAssigned = defineEvent<About & { assignedTo: string | null; previous: string | null }>(
  'customers.assigned',
  'A customer was given to a colleague, or to nobody',
);
export const CustomerReferred = defineEvent<About & { referredBy: string | null }>(
  'customers.referred',
  'It was said who brought a customer, or taken back',
);
export const CustomerLevelChanged = defineEvent<About & { from: string | null; to: string | null }>(
  'customers.level-changed',
  'The value of a customer was judged anew',
);
export const CustomerLevelPinned = defineEvent<About & { level: string; until: string }>(
  'customers.level-pinned',
  'Somebody holds the level of a customer up until a time',
);
export const CustomerLevelPinEnded = defineEvent<About & { by: 'staff' | 'time' }>(
  'customers.level-pin-ended',
  'Nothing holds the level of a customer up any more: what was earned counts',
);
export const CustomerTrashed = defineEvent<About>('customers.trashed', 'A customer was put into the trash');
export const CustomerRestored = defineEvent<About>('customers.restored', 'A customer was taken out of the trash');
export const CustomerPurged = defineEvent<About>('customers.purged', 'A customer was deleted for good');
export const CustomerConsentRecorded = defineEvent<About & { channel: string; purpose: string; granted: boolean }>(
  'customers.consent-recorded',
  'A customer gave or withdrew consent',
);

type OfMerge = About & { otherId: string; mergeId: string };

export const CustomersMerged = defineEvent<OfMerge>(
  'customers.merged',
  'Another customer was found to be this one: what was under `otherId` is under `customerId`',
);
export const CustomersParted = defineEvent<OfMerge>(
  'customers.parted',
  'A merge was taken back: `otherId` stands for itself again',
);
export const DuplicateNoted = defineEvent<About & { otherId: string; score: number }>(
  'customers.duplicate-noted',
  'A new customer is probably one who was there already',
);
export const DuplicateDismissed = defineEvent<About & { otherId: string }>(
  'customers.duplicate-dismissed',
  'Somebody said that two customers are two people',
);
export const DuplicatesScanned = defineEvent<{ scanId: string; scanned: number; found: number }>(
  'customers.duplicates-scanned',
  'All customers were looked through for duplicates',
);

type OfCompany = { companyId: string };

export const CompanyCreated = defineEvent<OfCompany>('companies.created', 'A company was created');
export const CompanyUpdated = defineEvent<OfCompany & { changed: string[] }>(
  'companies.updated',
  'Fields of a company changed; `changed` names them',
);
export const CompanyTrashed = defineEvent<OfCompany>('companies.trashed', 'A company was put into the trash');
export const CompanyRestored = defineEvent<OfCompany>('companies.restored', 'A company was taken out of the trash');
export const CompanyPurged = defineEvent<OfCompany>('companies.purged', 'A company was deleted for good');
export const CompanyContactJoined = defineEvent<OfCompany & About & { role: string }>(
  'companies.contact-joined',
  'A customer belongs to a company, or has another role there',
);
export const CompanyContactLeft = defineEvent<OfCompany & About>(
  'companies.contact-left',
  'A customer does not belong to a company any more',
);
