import { CustomersFacade } from '@app/customers';
import { currentActor, currentTenantId, Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Deal } from '../deals/deal.entity.js';
import { DealPermissions } from '../deals/deal.policy.js';
import { DealReach } from '../deals/deal.reach.js';
import { DealContact } from './deal-contact.entity.js';

/** Who plays which part in a deal, beside the customer whose it is. */
@Injectable()
export class DealContactsService {
  constructor(
    private readonly db: Database,
    private readonly reach: DealReach,
    private readonly customers: CustomersFacade,
  ) {}

  /** Again with another role changes the role. @throws RecordNotFound, OutOfReach, DealNotOpen */
  async join(dealId: string, customerId: string, role: string): Promise<void> {
    await this.customers.assertReadable(currentActor(), customerId);
    const gone = onConstraint('deal_contacts_customer', () => new RecordNotFound('customer', customerId));
    await this.within(dealId, async () => {
      const known = await this.contactOf(dealId, customerId);
      if (known) await this.db.change(DealContact, known.id, undefined, (contact) => contact.serveAs(role));
      else await this.db.create(DealContact.of(dealId, customerId, role, currentActor().id));
    }).catch(gone);
  }

  /** @throws RecordNotFound, OutOfReach, DealNotOpen */
  leave(dealId: string, customerId: string): Promise<void> {
    return this.within(dealId, async () => {
      const known = await this.contactOf(dealId, customerId);
      if (!known) throw new RecordNotFound('deal contact', customerId);
      await this.db.remove(known);
    });
  }

  /** One at a time, so that nobody joins twice. */
  private async within(dealId: string, work: () => Promise<void>): Promise<void> {
    await this.reach.assert(dealId, DealPermissions.update);
    await this.db.transaction(async () => {
      const deal = await this.db.lock(Deal, dealId);
      if (deal.deletedAt) throw new RecordNotFound('deal', dealId);
      await work();
      deal.tellContacts();
      await this.db.save(deal);
    });
  }

  private async contactOf(dealId: string, customerId: string): Promise<DealContact | undefined> {
    const which = 'tenant_id = $1 and deal_id = $2 and customer_id = $3';
    return (await this.db.findWhere(DealContact, which, [currentTenantId(), dealId, customerId]))[0];
  }
}
