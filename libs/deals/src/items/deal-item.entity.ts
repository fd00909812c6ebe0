import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { LARGEST_AMOUNT } from '../deals/deal.policy.js';
import { AmountTooLarge } from './item.errors.js';
import { type Line, totalsOf } from './line-total.js';

export const BILLINGS = ['once', 'monthly', 'yearly'] as const;
export type Billing = (typeof BILLINGS)[number];

/** A product as it was offered, or something that no catalog knows. */
export type ItemDocument = Line & { productId: string | null; name: string; position: number; billing: Billing };
export type ItemEdit = Partial<Omit<ItemDocument, 'productId'>>;

@Entity('deal_items')
export class DealItem extends Aggregate<DealItem> implements ItemDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly dealId: string;
  @Column('int') readonly position: number;
  @Column({ type: 'uuid', nullable: true }) readonly productId: string | null;
  @Column('text') readonly name: string;
  @Column('numeric') readonly quantity: string;
  @Column('bigint') readonly unitAmount: number;
  @Column('numeric') readonly discountPercent: string;
  @Column('numeric') readonly taxRate: string;
  @Column('text') readonly billing: Billing;
  @Column('bigint') readonly netAmount: number;
  @Column('bigint') readonly taxAmount: number;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** @throws AmountTooLarge */
  static of(dealId: string, document: ItemDocument): DealItem {
    const item = new DealItem().change({ ...document, id: newId(), dealId });
    item.total();
    return item;
  }

  /** @throws AmountTooLarge */
  edit(to: ItemEdit): void {
    this.change(Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)));
    this.total();
  }

  private total(): void {
    const { net, tax } = totalsOf(this);
    if (net > LARGEST_AMOUNT) throw new AmountTooLarge();
    this.change({ netAmount: net, taxAmount: tax });
  }
}
