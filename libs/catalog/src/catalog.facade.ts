import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { NoPrice, ProductNotSold, ProductUnknown } from './products/product.errors.js';
import { Product } from './products/product.entity.js';

/** As it is sold on a day: `amount` before tax, in minor units; `taxRate` in percent, as decimal text. */
export type Offer = { name: string; amount: number; taxRate: string };

/** What other contexts ask of the catalog. */
@Injectable()
export class CatalogFacade {
  constructor(private readonly db: Database) {}

  /** What a product costs on a day, `YYYY-MM-DD`. @throws ProductUnknown, ProductNotSold, NoPrice */
  async offer(productId: string, currency: string, day: string): Promise<Offer> {
    const product = await this.db.find(Product, productId);
    if (!product) throw new ProductUnknown();
    if (!product.isSoldOn(day)) throw new ProductNotSold(day);
    const price = await this.db.one<{ amount: number; taxRate: string }>(
      `select r.amount, coalesce(t.rate, 0)::text as "taxRate" from product_prices r
       join products p on p.tenant_id = r.tenant_id and p.id = r.product_id
       left join tax_classes t on t.tenant_id = p.tenant_id and t.id = p.tax_class_id
       where r.tenant_id = $1 and r.product_id = $2 and r.currency = $3
         and r.valid_from <= $4::date and (r.valid_until is null or $4::date <= r.valid_until)`,
      [currentTenantId(), productId, currency, day],
    );
    if (!price) throw new NoPrice(currency, day);
    return { name: product.name, ...price };
  }
}
