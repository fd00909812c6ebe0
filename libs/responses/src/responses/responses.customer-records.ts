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

const COLUMNS = { 'responses.customer_id': { isVersioned: true }, 'response_steps.customer_id': {} };

/** Answers to two customers who are one. */
@Injectable()
@Provides(CustomerRecordsPort)
export class ResponsesOfCustomers implements CustomerRecords {
  readonly columns = Object.keys(COLUMNS);

  constructor(private readonly db: Database) {}

  rename(renaming: Renaming): Promise<NamedIn> {
    return renameCustomer(this.db, COLUMNS, renaming);
  }
}
