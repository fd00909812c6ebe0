import { Aggregate, minorDigitsOf, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one unit of `currency` is in `base`, from that day on until the next rate. `rate` is decimal text. */
export type RateDocument = { base: string; currency: string; day: string; rate: string };

@Entity('exchange_rates')
export class ExchangeRate extends Aggregate<ExchangeRate> implements RateDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly base: string;
  @Column('text') readonly currency: string;
  @Column('date') readonly day: string;
  @Column('numeric') readonly rate: string;
  @Column('numeric') readonly minorRate: string;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;

  static of(document: RateDocument, createdBy: string): ExchangeRate {
    const shift = minorDigitsOf(document.base) - minorDigitsOf(document.currency);
    return new ExchangeRate().change({ ...document, id: newId(), createdBy, minorRate: `${document.rate}e${shift}` });
  }
}
