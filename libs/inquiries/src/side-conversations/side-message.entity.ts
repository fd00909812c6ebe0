import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AttachmentRef } from '../conversation/inquiry-message.entity.js';
import type { Recipient, SideDelivery } from './side-conversation.policy.js';

type Said = {
  readonly sideConversationId: string;
  readonly seq: number;
  readonly body: string;
  readonly messageId: string | null;
  readonly refs: readonly string[];
  readonly at: Date;
  readonly authorName: string | null;
};

export type SideSent = Said & {
  readonly id: string;
  readonly authorId: string;
  readonly recipients: readonly Recipient[];
  readonly outgoingId: string;
};

export type SideReceived = Said & {
  readonly authorAddress: string | null;
  readonly mailId: string;
  readonly html: string | null;
  readonly attachments: readonly AttachmentRef[];
  readonly isAutomatic: boolean;
};

/** What was written in a side conversation, once and for all; of ours, what became of the mail. */
@Entity('side_messages')
export class SideMessage extends Aggregate<SideMessage> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly sideConversationId: string;
  @Column('int') readonly seq: number;
  @Column('text') readonly direction: 'in' | 'out';
  @Column({ type: 'uuid', nullable: true }) readonly authorId: string | null;
  @Column({ type: 'text', nullable: true }) readonly authorName: string | null;
  @Column({ type: 'text', nullable: true }) readonly authorAddress: string | null;
  @Column('jsonb') readonly recipients: readonly Recipient[];
  @Column('text') readonly body: string;
  @Column({ type: 'text', nullable: true }) readonly html: string | null;
  @Column('jsonb') readonly attachments: readonly AttachmentRef[];
  @Column({ type: 'uuid', nullable: true }) readonly mailId: string | null;
  /** The outgoing mail, as messaging knows it. */
  @Column({ type: 'uuid', nullable: true }) readonly outgoingId: string | null;
  @Column({ type: 'text', nullable: true }) readonly messageId: string | null;
  @Column({ type: 'text', array: true }) readonly refs: readonly string[];
  @Column({ type: 'text', nullable: true }) readonly delivery: SideDelivery | null;
  @Column({ type: 'text', nullable: true }) readonly fault: string | null;
  @Column('boolean') readonly isAutomatic: boolean;
  @Column({ type: 'timestamptz', precision: 3 }) readonly at: Date;
  @Column('int') readonly version: number;

  static send(given: SideSent): SideMessage {
    const sending = { direction: 'out', delivery: 'queued', isAutomatic: false } as const;
    return new SideMessage().change({ ...BLANK, ...given, ...sending });
  }

  static receive(given: SideReceived): SideMessage {
    return new SideMessage().change({ ...BLANK, ...given, id: newId(), direction: 'in' });
  }

  /** What has come back is told last, whatever the server that took it says later. */
  follow(delivery: SideDelivery, fault: string | null): void {
    if (this.delivery === 'bounced' && delivery !== 'bounced') return;
    this.change({ delivery, fault });
  }
}

const BLANK = {
  ...{ authorId: null, authorAddress: null, recipients: [], html: null, attachments: [] },
  ...{ mailId: null, outgoingId: null, delivery: null, fault: null },
};
