import { Clock } from '@app/kernel';
import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PRODUCT_KINDS } from './product.policy.js';
import type { PriceView, ProductView } from './products.dto.js';

const TODAY = "($2::timestamptz at time zone 'UTC')::date";
const isOn = (from: string, until: string): string =>
  `(${from} is null or ${from} <= ${TODAY}) and (${until} is null or ${TODAY} <= ${until})`;

const COLUMNS = {
  id: 'p.id',
  kind: 'p.kind',
  sku: 'p.sku',
  name: 'p.name',
  description: 'p.description',
  taxClassId: 'p.tax_class_id',
  durationMinutes: 'p.duration_minutes',
  activeFrom: 'p.active_from',
  activeUntil: 'p.active_until',
  isActive: `(${isOn('p.active_from', 'p.active_until')})`,
  prices: `coalesce((select json_agg(json_build_object('currency', r.currency, 'amount', r.amount) order by r.currency) from product_prices r
    where r.tenant_id = p.tenant_id and r.product_id = p.id and ${isOn('r.valid_from', 'r.valid_until')}), '[]')`,
  version: 'p.version',
  createdAt: 'p.created_at',
  updatedAt: 'p.updated_at',
} as const;

const SELECT = Object.entries(COLUMNS)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');

export const ProductList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'p.id' },
    kind: { type: 'enum', column: 'p.kind', values: PRODUCT_KINDS, example: 'service' },
    sku: { type: 'text', column: 'p.sku', sortable: true, example: 'TOUR-1' },
    name: { type: 'text', column: 'p.name', sortable: true, example: 'City tour' },
    taxClassId: { type: 'id', column: 'p.tax_class_id', nullable: true },
    activeFrom: { type: 'date', column: 'p.active_from', nullable: true },
    activeUntil: { type: 'date', column: 'p.active_until', nullable: true },
    createdAt: { type: 'instant', column: 'p.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

const PRICE = {
  id: 'r.id',
  currency: 'r.currency',
  amount: 'r.amount',
  validFrom: 'r.valid_from',
  validUntil: 'r.valid_until',
  createdBy: 'r.created_by',
  createdAt: 'r.created_at',
} as const;

export const PriceList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'r.id' },
    currency: { type: 'text', column: 'r.currency', operators: ['eq', 'in'], example: 'EUR' },
    validFrom: { type: 'date', column: 'r.valid_from', sortable: true, example: '2026-11-02' },
  }),
  defaultSort: '-validFrom',
  outputs: Object.keys(PRICE),
};

@Injectable()
export class ProductsQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  list(query: ListQuery): Promise<Page<ProductView>> {
    return readPage<ProductView>(this.db, {
      select: COLUMNS,
      from: 'products p',
      // the moment stands here for the columns that tell of today
      where: 'p.tenant_id = $1 and $2::timestamptz is not null',
      params: [currentTenantId(), this.clock.now()],
      query,
      spec: ProductList,
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<ProductView> {
    const row = await this.db.one<ProductView>(
      `select ${SELECT} from products p where p.tenant_id = $1 and p.id = $3`,
      [currentTenantId(), this.clock.now(), id],
    );
    if (!row) throw new RecordNotFound('product', id);
    return row;
  }

  /** @throws RecordNotFound */
  async prices(productId: string, query: ListQuery): Promise<Page<PriceView>> {
    const params = [currentTenantId(), productId];
    const found = await this.db.one('select 1 from products p where p.tenant_id = $1 and p.id = $2', params);
    if (!found) throw new RecordNotFound('product', productId);
    const where = 'r.tenant_id = $1 and r.product_id = $2';
    return readPage<PriceView>(this.db, {
      select: PRICE,
      from: 'product_prices r',
      where,
      params,
      query,
      spec: PriceList,
    });
  }
}
