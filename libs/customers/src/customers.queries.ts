import type { Actor } from '@app/kernel';
import {
  currentActor,
  currentTenantId,
  Database,
  type ListQuery,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerMoved } from './customer.errors.js';
import { CustomerPermissions } from './customer.policy.js';
import { CustomerReach } from './customer.reach.js';
import type { CustomerView, TrashedCustomerView } from './customers.dto.js';
import { customerColumns, CustomerList, selectCustomer, trashColumns, TrashList } from './customers.list.js';

/** As many as pages reach: of a term that more customers hold, the newest are found. */
const MOST_FOUND = 10_000;
/** A SELECT of ids, given the placeholder of a term. */
export const customersFound = (term: string): string => `select customers_search(${term}, ${MOST_FOUND})`;

@Injectable()
export class CustomersQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
  ) {}

  list(query: ListQuery): Promise<Page<CustomerView>> {
    const params: unknown[] = [currentTenantId()];
    return readPage<CustomerView>(this.db, {
      select: customerColumns(),
      from: 'customers c',
      where: `c.tenant_id = $1 and c.deleted_at is null and (${this.reach.predicate(currentActor(), CustomerPermissions.read, params)})`,
      params,
      query,
      spec: CustomerList,
      searchIds: customersFound,
    });
  }

  trash(query: ListQuery): Promise<Page<TrashedCustomerView>> {
    return readPage<TrashedCustomerView>(this.db, {
      select: trashColumns(),
      from: 'customers c',
      where: 'c.deleted_at is not null and c.merged_into is null',
      query,
      spec: TrashList,
    });
  }

  /** @throws RecordNotFound; CustomerMoved when it was merged into one that the actor may read */
  async view(id: string): Promise<CustomerView> {
    const params: unknown[] = [id];
    const reached = this.reach.predicate(currentActor(), CustomerPermissions.read, params);
    const row = await this.db.one<CustomerView>(
      `select ${selectCustomer()} from customers c where c.id = $1 and c.deleted_at is null and (${reached})`,
      params,
    );
    if (!row) throw (await this.whereTo(id)) ?? new RecordNotFound('customer', id);
    return row;
  }

  private async whereTo(id: string): Promise<CustomerMoved | undefined> {
    const params: unknown[] = [currentTenantId(), id];
    const reached = this.reach.predicate(currentActor(), CustomerPermissions.read, params);
    const survivor = await this.db.one<{ id: string }>(
      `with recursive way (id) as (select $2::uuid union select c.merged_into from customers c join way on c.id = way.id
         where c.tenant_id = $1 and c.merged_into is not null)
       select c.id from way join customers c on c.tenant_id = $1 and c.id = way.id where c.deleted_at is null and (${reached})`,
      params,
    );
    return survivor && new CustomerMoved(id, survivor.id);
  }

  /** Whose one of these e-mail addresses is, other than `customerId`'s; undefined when the actor may not read that record. */
  async ownerOf(emails: readonly string[], customerId: string, actor: Actor): Promise<string | undefined> {
    const params: unknown[] = [emails, customerId];
    const reached = this.reach.predicate(actor, CustomerPermissions.read, params);
    const owner = await this.db.one<{ id: string }>(
      `select c.id from customer_contact_points p join customers c on c.tenant_id = p.tenant_id and c.id = p.customer_id
        where p.kind = 'email' and p.address = any ($1) and c.id <> $2 and (${reached}) limit 1`,
      params,
    );
    return owner?.id;
  }
}
