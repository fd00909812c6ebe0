import { Aggregate } from '@app/kernel';
import { Column, PrimaryColumn } from 'typeorm';
import type { Channel, InquiryStatus, MergeableStatus, Priority } from './inquiry.policy.js';

export type NewInquiry = {
  id?: string;
  number: number;
  customerId: string;
  subject: string;
  message: string;
  channel: Channel;
  createdBy: string;
  priority?: Priority;
  category?: string | null;
  teamId?: string | null;
  isCustomerBlocked?: boolean;
  followUpOf?: string | null;
  /** The message of another inquiry that it is made of. */
  split?: { from: string; messageId: string };
  /** When the customer asked; when it is recorded, unless given. */
  askedAt?: Date;
};

export type Edit = { subject?: string; priority?: Priority; category?: string | null; channel?: Channel };

/** The columns of an inquiry. */
export abstract class InquiryRecord extends Aggregate<InquiryRecord> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('int') readonly number: number;
  @Column('uuid') readonly customerId: string;
  @Column('text') readonly subject: string;
  @Column('text') readonly message: string;
  @Column('text') readonly status: InquiryStatus;
  @Column({ type: 'text', nullable: true }) readonly statusBeforeSpam: InquiryStatus | null;
  @Column({ type: 'text', nullable: true }) readonly statusBeforeMerge: MergeableStatus | null;
  @Column({ type: 'uuid', nullable: true }) readonly mergedInto: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly mergedAt: Date | null;
  @Column({ type: 'text', nullable: true }) readonly holdReason: string | null;
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
}

/** What holds for one status only. Spam and a merge keep it, for the way back. */
export const STATUS_DETAILS = { holdReason: null, closesAt: null, closedAt: null, statusBeforeSpam: null };

export const UNTOUCHED = {
  status: 'new',
  statusBeforeSpam: null,
  statusBeforeMerge: null,
  mergedInto: null,
  mergedAt: null,
  holdReason: null,
  assignedTo: null,
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
