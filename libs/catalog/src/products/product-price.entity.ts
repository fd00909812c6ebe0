import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ProductPriced } from '../events.js';
import { DaysOutOfOrder } from './product.errors.js';

/** `amount` is in minor units of `currency`, before tax. */
export type PriceDocument = { currency: string; amount: number; validFrom: string; validUntil: string | null };

@Entity('product_prices')
export class ProductPrice extends Aggregate<ProductPrice> implements PriceDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly productId: string;
  @Column('text') readonly currency: string;
  @Column('bigint') readonly amount: number;
  @Column('date') readonly validFrom: string;
  @Column({ type: 'date', nullable: true }) readonly validUntil: string | null;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;

  /** @throws DaysOutOfOrder */
  static of(productId: string, document: PriceDocument, createdBy: string): ProductPrice {
    const { currency, amount, validFrom, validUntil } = document;
    if (validUntil && validUntil < validFrom) throw new DaysOutOfOrder('/validUntil');
    const price = new ProductPrice().change({ ...document, id: newId(), productId, createdBy });
    price.raise(ProductPriced({ productId, currency, amount, validFrom }));
    return price;
  }
}
