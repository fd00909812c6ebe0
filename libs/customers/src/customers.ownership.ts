import { currentTenantId, Database, type Ownership, OwnershipPort, type Passage, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Customer } from './customer.entity.js';

const THEIRS = 'from customers c where c.tenant_id = $1 and c.assigned_to = $2 and c.deleted_at is null';

/** Customers that somebody looks after; what is in the trash stays as it was. */
@Injectable()
@Provides(OwnershipPort)
export class CustomersOwnership implements Ownership {
  readonly kind = 'customers';
  readonly columns = ['customers.assigned_to'];

  constructor(private readonly db: Database) {}

  async count(from: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(`select count(*)::int as count ${THEIRS}`, [
      currentTenantId(),
      from,
    ]);
    return row?.count ?? 0;
  }

  async pass({ from, to }: Passage): Promise<number> {
    const theirs = await this.db.query<{ id: string }>(`select c.id ${THEIRS} order by c.id for update`, [
      currentTenantId(),
      from,
    ]);
    for (const { id } of theirs) await this.db.change(Customer, id, undefined, (customer) => customer.assignTo(to));
    return theirs.length;
  }
}
