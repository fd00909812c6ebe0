import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `rate` is a percentage, as decimal text. */
export type TaxClassDocument = { name: string; rate: string };

@Entity('tax_classes')
export class TaxClass extends Aggregate<TaxClass> implements TaxClassDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('numeric') readonly rate: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(document: TaxClassDocument): TaxClass {
    return new TaxClass().change({ id: newId(), ...document });
  }

  edit({ name = this.name, rate = this.rate }: Partial<TaxClassDocument>): void {
    this.change({ name, rate });
  }
}
