import { Clock } from '@app/kernel';
import { currentActor, currentTenantId, Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PriceOverlaps, ProductInUse, SkuTaken, TaxClassUnknown } from './product.errors.js';
import { Product, type ProductDocument } from './product.entity.js';
import type { ProductKind } from './product.policy.js';
import { type PriceDocument, ProductPrice } from './product-price.entity.js';

/** What is sold. */
@Injectable()
export class ProductsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws SkuTaken, TaxClassUnknown, OnlyServicesLast, DaysOutOfOrder */
  create(kind: ProductKind, document: ProductDocument): Promise<Product> {
    return named(document.sku, this.db.create(Product.of(kind, document)));
  }

  /** @throws SkuTaken, TaxClassUnknown, OnlyServicesLast, DaysOutOfOrder */
  edit(id: string, to: Partial<ProductDocument>, version?: number): Promise<Product> {
    return named(
      to.sku ?? '',
      this.db.change(Product, id, version, (product) => product.edit(to)),
    );
  }

  /** Only what was never offered. @throws ProductInUse */
  async remove(id: string, version?: number): Promise<void> {
    const removing = this.db.transaction(async () => {
      const product = await this.db.lock(Product, id, version);
      product.leave();
      await this.db.remove(product);
    });
    await removing.catch(onConstraint('deal_items_product', () => new ProductInUse(id)));
  }

  /** From today on unless it says otherwise. @throws RecordNotFound, PriceOverlaps, DaysOutOfOrder */
  async price(
    productId: string,
    given: Omit<PriceDocument, 'validFrom'> & { validFrom?: string },
  ): Promise<ProductPrice> {
    await this.db.get(Product, productId);
    const validFrom = given.validFrom ?? this.clock.now().toISOString().slice(0, 10);
    return this.db
      .create(ProductPrice.of(productId, { ...given, validFrom }, currentActor().id))
      .catch(onConstraint('product_prices_one_a_day', () => new PriceOverlaps()));
  }

  /** @throws RecordNotFound */
  async unprice(productId: string, priceId: string): Promise<void> {
    const [price] = await this.db.findWhere(ProductPrice, 'tenant_id = $1 and product_id = $2 and id = $3', [
      currentTenantId(),
      productId,
      priceId,
    ]);
    if (!price) throw new RecordNotFound('product price', priceId);
    await this.db.remove(price);
  }
}

const named = (sku: string, written: Promise<Product>): Promise<Product> =>
  written
    .catch(onConstraint('products_sku_is_free', () => new SkuTaken(sku)))
    .catch(onConstraint('products_tax_class', () => new TaxClassUnknown()));
