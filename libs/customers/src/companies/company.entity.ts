import { isDeepStrictEqual } from 'node:util';
import { Aggregate, newId } from '@app/kernel';
import { type Concealed, concealedFields, type FieldValues } from '@app/records';
import { Column, Entity, PrimaryColumn, VirtualColumn } from 'typeorm';
import { CompanyCreated, CompanyPurged, CompanyRestored, CompanyTrashed, CompanyUpdated } from '../events.js';
import { CompanyInTrash, CompanyNotInTrash } from './company.errors.js';

/** `domain` in its normalised form. */
export type CompanyDocument = {
  readonly name: string;
  readonly domain: string | null;
  readonly customFields: FieldValues;
};

export const COMPANY_DOCUMENT = ['name', 'domain', 'customFields'] as const;

@Entity('companies')
export class Company extends Aggregate<Company> implements CompanyDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column({ type: 'text', nullable: true }) readonly domain: string | null;
  @Column('jsonb') readonly customFields: FieldValues;
  @VirtualColumn({ type: 'jsonb', query: concealedFields('companies') }) readonly concealedFields: Concealed;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly deletedAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly deletedBy: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static create(document: CompanyDocument, createdBy: string): Company {
    const id = newId();
    const company = new Company().change({ ...document, id, createdBy, deletedAt: null, deletedBy: null });
    company.raise(CompanyCreated({ companyId: id }));
    return company;
  }

  amend(to: Partial<CompanyDocument>): void {
    this.assertPresent();
    const changed = COMPANY_DOCUMENT.filter(
      (name) => to[name] !== undefined && !isDeepStrictEqual(to[name], this[name]),
    );
    if (!changed.length) return;
    this.change(Object.fromEntries(changed.map((name) => [name, to[name]])));
    this.raise(CompanyUpdated({ companyId: this.id, changed }));
  }

  trash(deletedBy: string, now: Date): void {
    this.assertPresent();
    this.change({ deletedAt: now, deletedBy });
    this.raise(CompanyTrashed({ companyId: this.id }));
  }

  restore(): void {
    this.assertInTrash();
    this.change({ deletedAt: null, deletedBy: null });
    this.raise(CompanyRestored({ companyId: this.id }));
  }

  /** Says that the row is about to be deleted for good. */
  purge(): void {
    this.assertInTrash();
    this.raise(CompanyPurged({ companyId: this.id }));
  }

  assertPresent(): void {
    if (this.deletedAt) throw new CompanyInTrash(this.id);
  }

  private assertInTrash(): void {
    if (!this.deletedAt) throw new CompanyNotInTrash(this.id);
  }
}
