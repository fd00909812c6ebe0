import { Aggregate } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which of several leads of one person goes on. */
export const KEEPS = ['oldest', 'richest'] as const;
export type Keep = (typeof KEEPS)[number];

export type SettingsDocument = {
  /** Where strangers become leads; to all other mailboxes they open inquiries. */
  readonly mailboxIds: readonly string[];
  readonly cleansUpNightly: boolean;
  readonly keep: Keep;
};

/** Every mail of a stranger is an inquiry, and nobody merges anything by itself. */
export const USUAL: SettingsDocument = { mailboxIds: [], cleansUpNightly: false, keep: 'oldest' };

/** What a tenant wants of its leads. One row, its id the tenant's; none while nothing was changed. */
@Entity('lead_settings')
export class LeadSettings extends Aggregate<LeadSettings> implements SettingsDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid', { array: true }) readonly mailboxIds: readonly string[];
  @Column('boolean') readonly cleansUpNightly: boolean;
  @Column('text') readonly keep: Keep;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(tenantId: string, document: SettingsDocument): LeadSettings {
    return new LeadSettings().change({ id: tenantId, ...document });
  }

  edit(to: Partial<SettingsDocument>): void {
    this.change(Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)));
  }
}
