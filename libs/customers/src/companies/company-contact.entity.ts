import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { CompanyContactJoined, CompanyContactLeft } from '../events.js';

/** That a customer belongs to a company, and as what. */
@Entity('company_contacts')
export class CompanyContact extends Aggregate<CompanyContact> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly companyId: string;
  @Column('uuid') readonly customerId: string;
  @Column('text') readonly role: string;
  @Column('uuid') readonly createdBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static join(companyId: string, customerId: string, role: string, createdBy: string): CompanyContact {
    const contact = new CompanyContact().change({ id: newId(), companyId, customerId, role, createdBy });
    contact.raise(CompanyContactJoined({ companyId, customerId, role }));
    return contact;
  }

  serveAs(role: string): void {
    if (role === this.role) return;
    this.change({ role });
    this.raise(CompanyContactJoined({ companyId: this.companyId, customerId: this.customerId, role }));
  }

  /** Says that the row is about to be deleted. */
  leave(): void {
    this.raise(CompanyContactLeft({ companyId: this.companyId, customerId: this.customerId }));
  }
}
