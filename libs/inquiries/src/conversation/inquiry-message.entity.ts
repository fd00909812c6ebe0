import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Visibility } from '../visibility/visibility.policy.js';

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
  /** The widest it may be: what it follows in its thread narrows it as it is written. */
  readonly visibility?: Visibility;
  /** Users who had a hand in the answer that it is. */
  readonly writers?: readonly string[];
};

/** What was written in an inquiry, once and for all: nothing of it changes, but who may read it. */
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
  @Column('text') readonly visibility: Visibility;
  @Column({ type: 'uuid', array: true }) readonly named: readonly string[];
  @Column({ type: 'uuid', array: true }) readonly writers: readonly string[];
  @Column({ type: 'timestamptz', precision: 3 }) readonly at: Date;
  @Column('int') readonly version: number;

  static write(written: Written): InquiryMessage {
    return new InquiryMessage().change({ ...BLANK, ...written, id: newId() });
  }

  /** Who may read it; `named` also may, where it is not for all. */
  showTo(visibility: Visibility, named: readonly string[]): void {
    this.change({ visibility, named: visibility === 'all' ? [] : [...new Set(named)] });
  }

  /** Whoever is called to it reads it. */
  call(people: readonly string[]): void {
    if (this.visibility !== 'all' && people.length) this.showTo(this.visibility, [...this.named, ...people]);
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
  visibility: 'all' as const,
  named: [],
  writers: [],
};
