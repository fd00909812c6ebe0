import { customerRecordsIn } from '@app/platform';

/** Inquiries of two customers who are one, and what refers to them. */
export const InquiriesOfCustomers = customerRecordsIn({
  'inquiries.customer_id': { isVersioned: true },
  // a link that says of the survivor what another one says already stays where it is
  'inquiry_links.target_customer_id': {
    written: 'target_id',
    except: `exists (select 1 from inquiry_links same where same.tenant_id = t.tenant_id and same.inquiry_id = t.inquiry_id
      and same.kind = t.kind and same.target_customer_id = $3)`,
  },
});
