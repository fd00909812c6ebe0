import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type Direction = 'in' | 'out' | 'note';

/** A file of an inbound mail, which keeps it. */
export type AttachmentRef = {
  readonly mailId: string;
  readonly attachmentId: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly size: number;
};

export type Written = {
  readonly inquiryId: string;
  readonly seq: number;
  readonly direction: Direction;
  readonly body: string;
  readonly at: Date;
  readonly authorId?: string | null;
  readonly authorName?: string | null;
  readonly authorAddress?: string | null;
  readonly mailId?: string | null;
  readonly messageId?: string | null;
  readonly refs?: readonly string[];
  readonly responseId?: string | null;
  readonly subject?: string | null;
  readonly html?: string | null;
  readonly attachments?: readonly AttachmentRef[];
  readonly isAutomatic?: boolean;
};

/** What was written in an inquiry, once and for all: nothing of it changes. */
@Entity('inquiry_messages')
export class InquiryMessage extends Aggregate<InquiryMessage> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly inquiryId: string;
  @Column('int') readonly seq: number;
  @Column('text') readonly direction: Direction;
  @Column({ type: 'uuid', nullable: true }) readonly authorId: string | null;
  @Column({ type: 'text', nullable: true }) readonly authorName: string | null;
  @Column({ type: 'text', nullable: true }) readonly authorAddress: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly mailId: string | null;
  @Column({ type: 'text', nullable: true }) readonly messageId: string | null;
  @Column({ type: 'text', array: true }) readonly refs: readonly string[];
  @Column({ type: 'uuid', nullable: true }) readonly responseId: string | null;
  @Column({ type: 'text', nullable: true }) readonly subject: string | null;
  @Column('text') readonly body: string;
  @Column({ type: 'text', nullable: true }) readonly html: string | null;
  @Column('jsonb') readonly attachments: readonly AttachmentRef[];
  @Column('boolean') readonly isAutomatic: boolean;
  @Column({ type: 'timestamptz', precision: 3 }) readonly at: Date;

  static write(written: Written): InquiryMessage {
    return new InquiryMessage().change({ ...BLANK, ...written, id: newId() });
  }
}

const BLANK = {
  authorId: null,
  authorName: null,
  authorAddress: null,
  mailId: null,
  messageId: null,
  refs: [],
  responseId: null,
  subject: null,
  html: null,
  attachments: [],
  isAutomatic: false,
};
