import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealPermissions } from '../deals/deal.policy.js';
import { DealReach } from '../deals/deal.reach.js';
import { BILLINGS } from './deal-item.entity.js';
import type { DealItemView } from './items.dto.js';

const COLUMNS = {
  id: 'l.id',
  position: 'l.position',
  productId: 'l.product_id',
  name: 'l.name',
  quantity: 'l.quantity',
  unitAmount: 'l.unit_amount',
  discountPercent: 'l.discount_percent',
  taxRate: 'l.tax_rate',
  billing: 'l.billing',
  netAmount: 'l.net_amount',
  taxAmount: 'l.tax_amount',
  version: 'l.version',
  createdAt: 'l.created_at',
  updatedAt: 'l.updated_at',
} as const;

export const ItemList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'l.id' },
    position: { type: 'integer', column: 'l.position', sortable: true },
    productId: { type: 'id', column: 'l.product_id', nullable: true },
    billing: { type: 'enum', column: 'l.billing', values: BILLINGS, example: 'once' },
  }),
  defaultSort: 'position',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class ItemsQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: DealReach,
  ) {}

  /** @throws RecordNotFound */
  async of(dealId: string, query: ListQuery): Promise<Page<DealItemView>> {
    await this.reach.assert(dealId, DealPermissions.read);
    const source = { select: COLUMNS, from: 'deal_items l', where: 'l.tenant_id = $1 and l.deal_id = $2' };
    return readPage<DealItemView>(this.db, { ...source, params: [currentTenantId(), dealId], query, spec: ItemList });
  }
}
