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

/** No record of another kind has the id of a customer. */
const COLUMNS = {
  'notes.record_id': { isVersioned: true },
  'files.record_id': { isVersioned: true },
  'record_tags.record_id': {
    except: `exists (select 1 from record_tags same where same.tenant_id = t.tenant_id and same.record_id = $3
      and same.record_kind = t.record_kind and same.tag_id = t.tag_id)`,
  },
};

/** What hangs on two customers who are one. Whoever hangs something on one of them meanwhile holds them, and is waited for. */
@Injectable()
@Provides(CustomerRecordsPort)
export class HangingOnCustomers implements CustomerRecords {
  readonly columns = Object.keys(COLUMNS);

  constructor(private readonly db: Database) {}

  rename(renaming: Renaming): Promise<NamedIn> {
    return renameCustomer(this.db, COLUMNS, renaming);
  }
}
