import { Aggregate } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type SettingsDocument = {
  readonly reopenWithinDays: number;
  readonly closeAfterDays: number;
  /** Where customers say how content they are, with `{token}` in it; null asks nobody. */
  readonly satisfactionUrl: string | null;
};

export const USUAL: SettingsDocument = { reopenWithinDays: 14, closeAfterDays: 7, satisfactionUrl: null };

/** When a tenant's inquiries end for good. One row, its id the tenant's; none while nothing was changed. */
@Entity('inquiry_settings')
export class InquirySettings extends Aggregate<InquirySettings> implements SettingsDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('int') readonly reopenWithinDays: number;
  @Column('int') readonly closeAfterDays: number;
  @Column({ type: 'text', nullable: true }) readonly satisfactionUrl: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(tenantId: string, document: SettingsDocument): InquirySettings {
    return new InquirySettings().change({ id: tenantId, ...document });
  }

  edit(to: Partial<SettingsDocument>): void {
    this.change(Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)));
  }
}
