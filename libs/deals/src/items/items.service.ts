import { CatalogFacade } from '@app/catalog';
import { Clock } from '@app/kernel';
import { currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Deal } from '../deals/deal.entity.js';
import { DealPermissions, LARGEST_AMOUNT } from '../deals/deal.policy.js';
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
      const sum = await this.db.one<{ net: string; items: number }>(
        `select coalesce(sum(net_amount), 0)::text as net, count(*)::int as items from deal_items
         where tenant_id = $1 and deal_id = $2`,
        [currentTenantId(), dealId],
      );
      const net = Number(sum?.net);
      if (net > LARGEST_AMOUNT) throw new AmountTooLarge();
      deal.consistOf(sum?.items ?? 0, net, await this.db.get(PipelineStage, deal.stageId));
      await this.db.save(deal);
      return result;
    });
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
    const offer = await this.catalog.offer(productId, deal.currency, this.clock.now().toISOString().slice(0, 10));
    return { name: name ?? offer.name, unitAmount: unitAmount ?? offer.amount, taxRate: taxRate ?? offer.taxRate };
  }

  private async lock(dealId: string, itemId: string, version?: number): Promise<DealItem> {
    const item = await this.db.lock(DealItem, itemId, version);
    if (item.dealId !== dealId) throw new RecordNotFound('deal item', itemId);
    return item;
  }
}
