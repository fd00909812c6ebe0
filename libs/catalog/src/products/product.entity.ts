import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ProductCreated, ProductRemoved, ProductUpdated } from '../events.js';
import { DaysOutOfOrder, OnlyServicesLast } from './product.errors.js';
import type { ProductKind } from './product.policy.js';

/** What people edit. Days are `YYYY-MM-DD`, both of them among those on which it is sold; null: no end on that side. */
export type ProductDocument = {
  sku: string;
  name: string;
  description: string | null;
  taxClassId: string | null;
  durationMinutes: number | null;
  activeFrom: string | null;
  activeUntil: string | null;
};

@Entity('products')
export class Product extends Aggregate<Product> implements ProductDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly kind: ProductKind;
  @Column('text') readonly sku: string;
  @Column('text') readonly name: string;
  @Column({ type: 'text', nullable: true }) readonly description: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly taxClassId: string | null;
  @Column({ type: 'int', nullable: true }) readonly durationMinutes: number | null;
  @Column({ type: 'date', nullable: true }) readonly activeFrom: string | null;
  @Column({ type: 'date', nullable: true }) readonly activeUntil: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** @throws OnlyServicesLast, DaysOutOfOrder */
  static of(kind: ProductKind, document: ProductDocument): Product {
    const product = new Product().change({ ...document, id: newId(), kind });
    product.assertSound();
    product.raise(ProductCreated({ productId: product.id, kind, sku: product.sku }));
    return product;
  }

  /** @throws OnlyServicesLast, DaysOutOfOrder */
  edit(to: Partial<ProductDocument>): void {
    const changes = Object.entries(to).filter(
      ([key, value]) => value !== undefined && value !== this[key as keyof ProductDocument],
    );
    if (!changes.length) return;
    this.change(Object.fromEntries(changes));
    this.assertSound();
    this.raise(ProductUpdated({ productId: this.id, changed: changes.map(([key]) => key) }));
  }

  leave(): void {
    this.raise(ProductRemoved({ productId: this.id }));
  }

  isSoldOn(day: string): boolean {
    return (this.activeFrom ?? day) <= day && day <= (this.activeUntil ?? day);
  }

  private assertSound(): void {
    if (this.kind !== 'service' && this.durationMinutes !== null) throw new OnlyServicesLast();
    if (this.activeFrom && this.activeUntil && this.activeUntil < this.activeFrom)
      throw new DaysOutOfOrder('/activeUntil');
  }
}
