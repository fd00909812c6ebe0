import { customerRecordsIn } from '@app/platform';

/** Of one record itself: where it went, what it was like and what it was merged with. */
const ABOUT_ITSELF = [
  ...['customers.merged_into', 'customer_contact_points.customer_id'],
  ...['customer_duplicates.customer_id', 'customer_duplicates.other_id'],
  ...['customer_merges.survivor_id', 'customer_merges.loser_id'],
];

/** What customers themselves keep of two customers who are one. */
export const RecordsOfCustomers = customerRecordsIn(
  {
    'customers.referred_by': { isVersioned: true },
    'customer_consents.customer_id': {},
    'company_contacts.customer_id': {
      isVersioned: true,
      except: `exists (select 1 from company_contacts same where same.tenant_id = t.tenant_id and same.company_id = t.company_id
        and same.customer_id = $3)`,
    },
  },
  ABOUT_ITSELF,
);
