import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That a customer plays a part in a deal: who decides, who uses it, who is in the way. */
@Entity('deal_contacts')
export class DealContact extends Aggregate<DealContact> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly dealId: string;
  @Column('uuid') readonly customerId: string;
  @Column('text') readonly role: string;
  @Column('uuid') readonly createdBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(dealId: string, customerId: string, role: string, createdBy: string): DealContact {
    return new DealContact().change({ id: newId(), dealId, customerId, role, createdBy });
  }

  serveAs(role: string): void {
    this.change({ role });
  }
}
