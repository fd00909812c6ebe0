import { Aggregate, InvalidTransition } from '@app/kernel';
import { type Concealed, concealedFields, type FieldValues } from '@app/records';
import { Column, PrimaryColumn, VirtualColumn } from 'typeorm';
import { InquiryDueChanged, InquiryStatusChanged } from '../events.js';
import type { Visibility } from '../visibility/visibility.policy.js';
import { InquiryIsMerged } from './inquiry.errors.js';
import {
  type Channel,
  INQUIRY_STATES,
  type InquiryStatus,
  type MergeableStatus,
  type Priority,
} from './inquiry.policy.js';

export type NewInquiry = {
  id?: string;
  /** Given by PostgreSQL, the next one of the tenant's, unless it is known already. */
  number?: number;
  customerId: string;
  subject: string;
  message: string;
  channel: Channel;
  createdBy: string;
  priority?: Priority;
  category?: string | null;
  teamId?: string | null;
  isCustomerBlocked?: boolean;
  customFields?: FieldValues;
  followUpOf?: string | null;
  /** The message of another inquiry that it is made of. */
  split?: { from: string; messageId: string };
  /** Who may read what was asked; all who may read the inquiry, unless given. */
  visibility?: Visibility;
  /** When the customer asked; when it is recorded, unless given. */
  askedAt?: Date;
};

export type Edit = {
  subject?: string;
  priority?: Priority;
  category?: string | null;
  channel?: Channel;
  customFields?: FieldValues;
};

/** What holds for one status only. Spam and a merge keep it, for the way back. */
const STATUS_DETAILS = { holdReason: null, closesAt: null, closedAt: null, statusBeforeSpam: null, snoozedUntil: null };

/** An inquiry's columns, and how it goes from one status to another. */
export abstract class InquiryRecord extends Aggregate<InquiryRecord> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('int') readonly number: number;
  @Column('uuid') readonly customerId: string;
  @Column('text') readonly subject: string;
  @Column('text') readonly message: string;
  /** Of its first message, whose words subject and message repeat. */
  @Column('text') readonly visibility: Visibility;
  @Column('text') readonly status: InquiryStatus;
  @Column({ type: 'text', nullable: true }) readonly statusBeforeSpam: InquiryStatus | null;
  @Column({ type: 'text', nullable: true }) readonly statusBeforeMerge: MergeableStatus | null;
  @Column({ type: 'uuid', nullable: true }) readonly mergedInto: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly mergedAt: Date | null;
  @Column({ type: 'text', nullable: true }) readonly holdReason: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly snoozedUntil: Date | null;
  @Column('text') readonly priority: Priority;
  @Column({ type: 'text', nullable: true }) readonly category: string | null;
  @Column('text') readonly channel: Channel;
  @Column({ type: 'uuid', nullable: true }) readonly assignedTo: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly teamId: string | null;
  @Column('uuid') readonly createdBy: string;
  @Column('boolean') readonly isCustomerBlocked: boolean;
  @Column({ type: 'uuid', nullable: true }) readonly followUpOf: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly splitFrom: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly splitMessageId: string | null;
  @Column('jsonb') readonly customFields: FieldValues;
  @VirtualColumn({ type: 'jsonb', query: concealedFields('inquiries') }) readonly concealedFields: Concealed;
  @Column('int') readonly reopenCount: number;
  @Column('int') readonly messageCount: number;
  @Column('int') readonly customerMessageCount: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly lastCustomerMessageAt: Date;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly awaitsAnswerSince: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly firstRespondedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly resolvedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly closesAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly closedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly dueAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly deletedAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly deletedBy: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** What is merged is read, and written in where it went. @throws InquiryIsMerged */
  assertWritable(): void {
    if (this.mergedInto) throw new InquiryIsMerged(this.id, this.mergedInto);
  }

  /** What a new inquiry is promised first: part of its creation. */
  promiseBy(dueAt: Date | null): void {
    this.change({ dueAt });
  }

  /** The nearest deadline that is still open; its clocks say which. */
  expectBy(dueAt: Date | null): void {
    if (dueAt?.getTime() === this.dueAt?.getTime()) return;
    this.change({ dueAt });
    this.raise(InquiryDueChanged({ inquiryId: this.id, dueAt: dueAt?.toISOString() ?? null }));
  }

  protected enter(to: InquiryStatus, changes: Partial<InquiryRecord> = {}): void {
    this.assertWritable();
    const from = this.status;
    if (from === 'spam' && this.statusBeforeSpam !== to) this.refuse(to);
    INQUIRY_STATES.assert(from, to);
    const isDetour = from === 'spam' || to === 'spam' || to === 'merged';
    this.change({ ...(isDetour ? {} : STATUS_DETAILS), ...changes, status: to });
    this.tellStatus(from, to);
  }

  protected tellStatus(from: InquiryStatus, to: InquiryStatus): void {
    this.raise(InquiryStatusChanged({ inquiryId: this.id, customerId: this.customerId, from, to }));
  }

  protected refuse(to: InquiryStatus): never {
    this.assertWritable();
    const allowed = this.statusBeforeSpam ? [this.statusBeforeSpam] : INQUIRY_STATES.transitions[this.status];
    throw new InvalidTransition('inquiry', this.status, to, allowed);
  }
}

export const UNTOUCHED = {
  visibility: 'all',
  status: 'new',
  statusBeforeSpam: null,
  statusBeforeMerge: null,
  mergedInto: null,
  mergedAt: null,
  holdReason: null,
  snoozedUntil: null,
  assignedTo: null,
  customFields: {},
  reopenCount: 0,
  messageCount: 1,
  customerMessageCount: 1,
  firstRespondedAt: null,
  resolvedAt: null,
  closesAt: null,
  closedAt: null,
  dueAt: null,
  deletedAt: null,
  deletedBy: null,
} as const;
