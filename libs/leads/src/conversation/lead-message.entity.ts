import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type Written = Pick<
  LeadMessage,
  'leadId' | 'mailId' | 'authorName' | 'authorAddress' | 'subject' | 'body' | 'at'
>;

/** What the person of a lead wrote, once and for all; a merge may say on which lead it is read. */
@Entity('lead_messages')
export class LeadMessage extends Aggregate<LeadMessage> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly leadId: string;
  @Column('uuid') readonly mailId: string;
  @Column({ type: 'text', nullable: true }) readonly authorName: string | null;
  @Column({ type: 'text', nullable: true }) readonly authorAddress: string | null;
  @Column({ type: 'text', nullable: true }) readonly subject: string | null;
  @Column('text') readonly body: string;
  @Column({ type: 'timestamptz', precision: 3 }) readonly at: Date;

  static write(written: Written): LeadMessage {
    return new LeadMessage().change({ ...written, id: newId() });
  }
}
