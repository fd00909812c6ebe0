import { Clock, type Actor } from '@app/kernel';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { normaliseEmail } from './contact-points/email-address.js';
import { Customer } from './customer.entity.js';
import { EmailTaken } from './customer.errors.js';
import type { CustomerLevel, CustomerStatus } from './customer.policy.js';
import { CustomerReach } from './customer.reach.js';
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

const CARD = `c.id, c.first_name as "firstName", c.last_name as "lastName", trim(c.first_name || ' ' || c.last_name) as name,
  c.email, c.phone, c.company, c.status, c.level, c.assigned_to as "assignedTo"`;

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
  identify(stranger: Stranger): Promise<{ customerId: string; isNew: boolean }> {
    const email = normaliseEmail(stranger.email);
    return this.db.transaction(async () => {
      for (let attempt = 1; ; attempt++) {
        const known = email && (await this.ownerOf(email));
        if (known) return { customerId: known, isNew: false };
        try {
          return { customerId: (await this.customers.create(leadOf(stranger), this.clock.now())).id, isNew: true };
        } catch (error) {
          // the winner may be in the trash again by the time we look
          if (!(error instanceof EmailTaken) || attempt >= 3) throw error;
        }
      }
    });
  }

  /** Also of a customer in the trash: older records still show whose they are. */
  async card(id: string): Promise<CustomerCard | undefined> {
    return (await this.cards([id]))[0];
  }

  cards(ids: readonly string[]): Promise<CustomerCard[]> {
    return this.db.query<CustomerCard>(`select ${CARD} from customers c where c.id = any ($1::uuid[])`, [ids]);
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

  private async ownerOf(email: string): Promise<string | undefined> {
    const owner = await this.db.one<{ id: string }>(
      `select customer_id as id from customer_contact_points where tenant_id = $1 and kind = 'email' and address = $2`,
      [currentTenantId(), email],
    );
    return owner?.id;
  }
}
