import type { Actor } from '@app/kernel';
import { type Exportable, ExportablePort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerReach } from '../customer.reach.js';
import { customerColumns, CustomerList } from '../customers.list.js';
import { customersFound } from '../customers.queries.js';

/** As an import reads them: one cell. */
const QUIET_HOURS = `(c.quiet_hours->>'start') || '-' || (c.quiet_hours->>'end')`;

/** Customers as files: whom one may read. */
@Injectable()
@Provides(ExportablePort)
export class CustomersExportable implements Exportable {
  readonly kind = 'customers';
  readonly permission = CustomerPermissions.export;
  readonly spec = CustomerList;
  readonly from = 'customers c';

  constructor(private readonly reach: CustomerReach) {}

  get columns(): Exportable['columns'] {
    return { ...customerColumns(), quietHours: QUIET_HOURS };
  }

  where(actor: Actor, params: unknown[]): string {
    return `c.deleted_at is null and (${this.reach.predicate(actor, CustomerPermissions.read, params)})`;
  }

  searchIds(term: string): string {
    return customersFound(term);
  }
}
