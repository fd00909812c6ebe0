import { Clock, type Actor } from '@app/kernel';
import { currentActor, currentTenantId, Database, type ListQuery, type Page, readPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { normaliseEmail } from './contact-points/email-address.js';
import { Customer } from './customer.entity.js';
import { EmailTaken } from './customer.errors.js';
import { type CustomerLevel, CustomerPermissions, type CustomerStatus } from './customer.policy.js';
import { CustomerReach } from './customer.reach.js';
import { AudienceList } from './customers.audience.js';
import { CustomerList } from './customers.list.js';
import { CustomersService } from './customers.service.js';
import { leadOf, type Stranger } from './stranger.js';

export type CustomerCard = {
  id: string;
  firstName: string;
  lastName: string;
  name: string;
  email: string | null;
  phone: string | null;
  company: string | null;
  status: CustomerStatus;
  level: CustomerLevel | null;
  assignedTo: string | null;
};

export type Identified = { readonly customerId: string; readonly isNew: boolean; readonly isBlocked: boolean };

const COLUMNS = {
  id: 'c.id',
  firstName: 'c.first_name',
  lastName: 'c.last_name',
  name: "trim(c.first_name || ' ' || c.last_name)",
  email: 'c.email',
  phone: 'c.phone',
  company: 'c.company',
  status: 'c.status',
  level: 'c.level',
  assignedTo: 'c.assigned_to',
} as const satisfies Record<keyof CustomerCard, string>;
const CARD = Object.entries(COLUMNS)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');

/** What other contexts ask of customers. */
@Injectable()
export class CustomersFacade {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: CustomerReach,
    private readonly customers: CustomersService,
  ) {}

  /**
   * Whose address this is, in the open transaction or in one of its own; unknown people become leads. However many ask at
   * once, one address is one customer: the unique index decides, and whoever loses takes the winner's. What somebody put
   * into the trash stays there: its person begins anew.
   * @throws Invalid when `email` is no address
   */
  identify(stranger: Stranger): Promise<Identified> {
    const email = normaliseEmail(stranger.email);
    return this.db.transaction(async () => {
      for (let attempt = 1; ; attempt++) {
        const known = email && (await this.ownerOf(email));
        if (known) return { ...known, isNew: false };
        try {
          const { id: customerId } = await this.customers.create(leadOf(stranger), this.clock.now());
          return { customerId, isNew: true, isBlocked: false };
        } catch (error) {
          // the winner may be in the trash again by the time we look
          if (!(error instanceof EmailTaken) || attempt >= 3) throw error;
        }
      }
    });
  }

  /** Whether a customer, whoever may read the record, has this e-mail address. */
  async isAddressKnown(email: string): Promise<boolean> {
    return (await this.ownerOf(email)) !== undefined;
  }

  /** Every e-mail address of these customers, as addresses are compared. */
  async addressesOf(ids: readonly string[]): Promise<string[]> {
    const rows = await this.db.query<{ address: string }>(
      `select p.address from customer_contact_points p where p.tenant_id = $1 and p.kind = 'email' and p.customer_id = any ($2::uuid[])`,
      [currentTenantId(), ids],
    );
    return rows.map(({ address }) => address);
  }

  /** Also of a customer in the trash: older records still show whose they are. */
  async card(id: string): Promise<CustomerCard | undefined> {
    return (await this.cards([id]))[0];
  }

  cards(ids: readonly string[]): Promise<CustomerCard[]> {
    return this.db.query<CustomerCard>(`select ${CARD} from customers c where c.id = any ($1::uuid[])`, [ids]);
  }

  /** What customers may be chosen by, over `c`; the tenant adds to it. */
  readonly audienceList = CustomerList;

  /**
   * A page of those whom the current actor may read and who fit a condition: SQL over `c`, whose values it puts into `params`.
   */
  audience(query: ListQuery, condition: (params: unknown[]) => string): Promise<Page<CustomerCard>> {
    const params: unknown[] = [currentTenantId()];
    const reached = this.reach.predicate(currentActor(), CustomerPermissions.read, params);
    return readPage<CustomerCard>(this.db, {
      select: COLUMNS,
      from: 'customers c',
      where: `c.tenant_id = $1 and c.deleted_at is null and (${reached}) and ${condition(params)}`,
      params,
      query,
      spec: AudienceList,
    });
  }

  /** @throws RecordNotFound when there is none, it is in the trash, or it is out of the actor's reach */
  assertReadable(actor: Actor, id: string): Promise<void> {
    return this.reach.assertReadable(actor, id);
  }

  /** In the trash it is none. */
  async hasCompany(id: string): Promise<boolean> {
    const found = 'select 1 from companies where tenant_id = $1 and id = $2 and deleted_at is null';
    return (await this.db.one(found, [currentTenantId(), id])) !== undefined;
  }

  /** Also of those in the trash: older records still show with whom they were made. */
  companies(ids: readonly string[]): Promise<{ id: string; name: string }[]> {
    const text = 'select o.id, o.name from companies o where o.tenant_id = $1 and o.id = any ($2::uuid[])';
    return this.db.query(text, [currentTenantId(), ids]);
  }

  /** How valuable the customer is, as loyalty judges it. @throws RecordNotFound */
  async setLevel(id: string, level: CustomerLevel | null): Promise<void> {
    await this.db.change(Customer, id, undefined, (customer) => customer.rankAs(level));
  }

  private ownerOf(email: string): Promise<Omit<Identified, 'isNew'> | undefined> {
    return this.db.one(
      `select c.id as "customerId", c.status = 'blocked' as "isBlocked" from customer_contact_points p
       join customers c on c.tenant_id = p.tenant_id and c.id = p.customer_id
       where p.tenant_id = $1 and p.kind = 'email' and p.address = $2`,
      [currentTenantId(), email],
    );
  }
}
