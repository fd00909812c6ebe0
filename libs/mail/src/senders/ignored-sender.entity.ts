import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type IgnoredSenderDocument = { readonly pattern: string; readonly note: string | null };

/** Somebody whose mails begin nothing: an address, a domain, or all domains under one. */
@Entity('ignored_senders')
export class IgnoredSender extends Aggregate<IgnoredSender> implements IgnoredSenderDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly pattern: string;
  @Column('text', { nullable: true }) readonly note: string | null;
  @Column('uuid') readonly createdBy: string;
  @Column('timestamptz') readonly createdAt: Date;

  static of(document: IgnoredSenderDocument, createdBy: string): IgnoredSender {
    return new IgnoredSender().change({ ...document, createdBy, id: newId() });
  }
}
