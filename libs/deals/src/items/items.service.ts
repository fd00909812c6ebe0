import { AuthFacade } from '@app/auth';
import { CatalogFacade } from '@app/catalog';
import { Clock } from '@app/kernel';
import { currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Deal, type LineSums } from '../deals/deal.entity.js';
import { dayIn, DealPermissions, LARGEST_AMOUNT } from '../deals/deal.policy.js';
import { DealReach } from '../deals/deal.reach.js';
import { PipelineStage } from '../pipelines/pipeline-stage.entity.js';
import { DealItem, type ItemDocument, type ItemEdit } from './deal-item.entity.js';
import { AmountTooLarge, FreeLineNeeds, TooManyItems } from './item.errors.js';

export type NewItem = Partial<ItemDocument> & Pick<ItemDocument, 'quantity'>;
const MOST_ITEMS = 200;

/** What a deal is made of. It is worth the net sum of its lines, and both are written in one transaction. */
@Injectable()
export class ItemsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: DealReach,
    private readonly catalog: CatalogFacade,
    private readonly auth: AuthFacade,
  ) {}

  /**
   * What is not said of a product is that of the catalog today.
   * @throws ProductUnknown, ProductNotSold, NoPrice, FreeLineNeeds, TooManyItems, AmountTooLarge, DealNotOpen
   */
  add(dealId: string, given: NewItem): Promise<DealItem> {
    return this.within(dealId, async (deal) => {
      if (deal.itemCount >= MOST_ITEMS) throw new TooManyItems(MOST_ITEMS);
      const { name, unitAmount, taxRate } = await this.offered(deal, given);
      const {
        productId = null,
        quantity,
        discountPercent = '0',
        billing = 'once',
        position = deal.itemCount + 1,
      } = given;
      const line = { productId, name, quantity, unitAmount, discountPercent, taxRate, billing, position };
      return this.db.create(DealItem.of(dealId, line));
    });
  }

  /** @throws RecordNotFound, AmountTooLarge, DealNotOpen */
  edit(dealId: string, itemId: string, to: ItemEdit, version?: number): Promise<DealItem> {
    return this.within(dealId, async () => {
      const item = await this.lock(dealId, itemId, version);
      item.edit(to);
      return this.db.save(item);
    });
  }

  /** @throws RecordNotFound, StageDemands where the stage asks for lines and this was the last, DealNotOpen */
  async remove(dealId: string, itemId: string, version?: number): Promise<void> {
    await this.within(dealId, async () => this.db.remove(await this.lock(dealId, itemId, version)));
  }

  /** The deal is held: of two who change its lines at once the second sees what the first did. */
  private async within<T>(dealId: string, work: (deal: Deal) => Promise<T>): Promise<T> {
    await this.reach.assert(dealId, DealPermissions.update);
    return this.db.transaction(async () => {
      const deal = await this.db.lock(Deal, dealId);
      if (deal.deletedAt) throw new RecordNotFound('deal', dealId);
      const result = await work(deal);
      const sums = await this.sumsOf(dealId);
      if (sums.net > LARGEST_AMOUNT) throw new AmountTooLarge();
      deal.consistOf(sums, await this.db.get(PipelineStage, deal.stageId));
      await this.db.save(deal);
      return result;
    });
  }

  private async sumsOf(dealId: string): Promise<LineSums> {
    const [sums] = await this.db.query<LineSums & { net: string }>(
      `select items, net::text, (case when gross > net then round((gross - net) * 100 / gross, 2) else 0.00 end)::text as "discountPercent"
       from (select count(*)::int as items, coalesce(sum(net_amount), 0) as net, coalesce(sum(round(quantity * unit_amount)), 0) as gross
         from deal_items where tenant_id = $1 and deal_id = $2) l`,
      [currentTenantId(), dealId],
    );
    if (!sums) throw new Error('A sum is always one row');
    return { ...sums, net: Number(sums.net) };
  }

  private async offered(deal: Deal, given: NewItem): Promise<Pick<ItemDocument, 'name' | 'unitAmount' | 'taxRate'>> {
    const { productId, name, unitAmount, taxRate } = given;
    if (!productId) {
      if (name === undefined || unitAmount === undefined)
        throw new FreeLineNeeds(
          Object.entries({ name, unitAmount }).flatMap(([key, value]) => (value === undefined ? [key] : [])),
        );
      return { name, unitAmount, taxRate: taxRate ?? '0' };
    }
    const offer = await this.catalog.offer(productId, deal.currency, dayIn(await this.auth.zone(), this.clock.now()));
    return { name: name ?? offer.name, unitAmount: unitAmount ?? offer.amount, taxRate: taxRate ?? offer.taxRate };
  }

  private async lock(dealId: string, itemId: string, version?: number): Promise<DealItem> {
    const item = await this.db.lock(DealItem, itemId, version);
    if (item.dealId !== dealId) throw new RecordNotFound('deal item', itemId);
    return item;
  }
}
