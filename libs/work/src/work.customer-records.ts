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

const COLUMNS = { 'projects.customer_id': { isVersioned: true }, 'worklogs.customer_id': { isVersioned: true } };

/** Projects of two customers who are one, and the time that was spent for them. */
@Injectable()
@Provides(CustomerRecordsPort)
export class WorkOfCustomers implements CustomerRecords {
  readonly columns = Object.keys(COLUMNS);

  constructor(private readonly db: Database) {}

  rename(renaming: Renaming): Promise<NamedIn> {
    return renameCustomer(this.db, COLUMNS, renaming);
  }
}
