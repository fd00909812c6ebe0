import {
  type CustomerRecords,
  CustomerRecordsPort,
  Database,
  type NamedIn,
  Provides,
  renameCustomer,
  type Renaming,
} from '@app/platform';
import { Injectable } from '@nestjs/common';

// A link that says of the survivor what another one says already stays where it is.
const COLUMNS = {
  'inquiries.customer_id': { isVersioned: true },
  'inquiry_links.target_customer_id': {
    written: 'target_id',
    except: `exists (select 1 from inquiry_links same where same.tenant_id = t.tenant_id and same.inquiry_id = t.inquiry_id
      and same.kind = t.kind and same.target_customer_id = $3)`,
  },
};

/** Inquiries of two customers who are one, and what refers to them. */
@Injectable()
@Provides(CustomerRecordsPort)
export class InquiriesOfCustomers implements CustomerRecords {
  readonly columns = Object.keys(COLUMNS);

  constructor(private readonly db: Database) {}

  rename(renaming: Renaming): Promise<NamedIn> {
    return renameCustomer(this.db, COLUMNS, renaming);
  }
}
