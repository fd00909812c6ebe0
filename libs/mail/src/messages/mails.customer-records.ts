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

const COLUMNS = { 'mails.customer_id': { isVersioned: true } };

/** Mails of two customers who are one. */
@Injectable()
@Provides(CustomerRecordsPort)
export class MailsOfCustomers implements CustomerRecords {
  readonly columns = Object.keys(COLUMNS);

  constructor(private readonly db: Database) {}

  rename(renaming: Renaming): Promise<NamedIn> {
    return renameCustomer(this.db, COLUMNS, renaming);
  }
}
