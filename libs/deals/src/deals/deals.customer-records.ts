import { customerRecordsIn } from '@app/platform';

/** Deals of two customers who are one. */
export const DealsOfCustomers = customerRecordsIn({
  'deals.customer_id': { isVersioned: true },
  // who plays a part in a deal already plays it on
  'deal_contacts.customer_id': {
    isVersioned: true,
    except: `exists (select 1 from deal_contacts same where same.tenant_id = t.tenant_id and same.deal_id = t.deal_id
      and same.customer_id = $3)`,
  },
});
