import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { CustomerConsentRecorded } from '../events.js';

export const CONSENT_CHANNELS = ['email', 'phone', 'sms', 'messenger', 'post'] as const;
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number];

export type ConsentStatement = {
  channel: ConsentChannel;
  purpose: string;
  granted: boolean;
  source: string;
  proof: string | null;
  ip: string | null;
};

/** What a customer agreed to or withdrew, once said never changed: the latest of a channel and purpose is the one that holds. */
@Entity('customer_consents')
export class Consent extends Aggregate<Consent> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly customerId: string;
  @Column('text') readonly channel: ConsentChannel;
  @Column('text') readonly purpose: string;
  @Column('boolean') readonly granted: boolean;
  @Column('text') readonly source: string;
  @Column({ type: 'text', nullable: true }) readonly proof: string | null;
  @Column({ type: 'inet', nullable: true }) readonly ip: string | null;
  @Column('uuid') readonly recordedBy: string;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;

  static record(customerId: string, statement: ConsentStatement, recordedBy: string): Consent {
    const consent = new Consent().change({ id: newId(), customerId, ...statement, recordedBy });
    const { channel, purpose, granted } = statement;
    consent.raise(CustomerConsentRecorded({ customerId, channel, purpose, granted }));
    return consent;
  }
}
