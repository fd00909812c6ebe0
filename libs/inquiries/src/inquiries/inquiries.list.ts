import type { Actor } from '@app/kernel';
import { defineFields, type ListSpec } from '@app/platform';
import { selectOf, shownFields, tagField } from '@app/records';
import { askedShown } from '../visibility/words.reach.js';
import { CHANNELS, PRIORITIES, STATUSES } from './inquiry.policy.js';

/** What repeats the first message, to whom that is shown. */
const asked = (column: string): string => `case when seen.is_shown then ${column} end`;

/** Output name to SQL over `i`, a row of inquiries, and `seen`: `shownInquiries`; the tenant's own fields left out. */
export const INQUIRY_COLUMNS = {
  id: 'i.id',
  number: 'i.number',
  reference: "'INQ-' || lpad(i.number::text, greatest(6, length(i.number::text)), '0')",
  customerId: 'i.customer_id',
  subject: asked('i.subject'),
  message: asked('i.message'),
  hidden: 'not seen.is_shown',
  status: 'i.status',
  mergedInto: 'i.merged_into',
  mergedAt: 'i.merged_at',
  holdReason: 'i.hold_reason',
  snoozedUntil: 'i.snoozed_until',
  priority: 'i.priority',
  category: 'i.category',
  channel: 'i.channel',
  assignedTo: 'i.assigned_to',
  teamId: 'i.team_id',
  createdBy: 'i.created_by',
  isCustomerBlocked: 'i.is_customer_blocked',
  followUpOf: 'i.follow_up_of',
  splitFrom: 'i.split_from',
  reopenCount: 'i.reopen_count',
  customerMessageCount: 'i.customer_message_count',
  lastCustomerMessageAt: 'i.last_customer_message_at',
  firstRespondedAt: 'i.first_responded_at',
  resolvedAt: 'i.resolved_at',
  closesAt: 'i.closes_at',
  closedAt: 'i.closed_at',
  dueAt: 'i.due_at',
  version: 'i.version',
  createdAt: 'i.created_at',
  updatedAt: 'i.updated_at',
} as const;

/** The same with these, as whoever asks may see them. */
export const inquiryColumns = () => ({
  ...INQUIRY_COLUMNS,
  customFields: shownFields('inquiries', 'i.custom_fields'),
});

/** The same as the columns of a select. */
export const selectInquiry = selectOf(INQUIRY_COLUMNS, 'inquiries', 'i.custom_fields');

const OUTPUTS = [...Object.keys(INQUIRY_COLUMNS), 'customFields'];

/** Inquiries `i`, and whether what was asked is shown to the actor. */
export const shownInquiries = (actor: Actor, params: unknown[]): string =>
  `inquiries i cross join lateral (select ${askedShown(actor, params)} as is_shown) seen`;

const FIELDS = {
  id: { type: 'id', column: 'i.id' },
  number: { type: 'integer', column: 'i.number', sortable: true, example: 42 },
  customerId: { type: 'id', column: 'i.customer_id' },
  status: { type: 'enum', column: 'i.status', values: STATUSES, sortable: true, example: 'new' },
  priority: { type: 'enum', column: 'i.priority', values: PRIORITIES, example: 'high' },
  category: { type: 'text', column: 'i.category', nullable: true, example: 'billing' },
  channel: { type: 'enum', column: 'i.channel', values: CHANNELS, example: 'email' },
  assignedTo: { type: 'id', column: 'i.assigned_to', nullable: true, description: 'assignedTo[null]=true: nobody’s' },
  teamId: { type: 'id', column: 'i.team_id', nullable: true },
  createdBy: { type: 'id', column: 'i.created_by' },
  followUpOf: { type: 'id', column: 'i.follow_up_of', nullable: true },
  splitFrom: { type: 'id', column: 'i.split_from', nullable: true, description: 'The inquiry it was split from' },
  mergedInto: { type: 'id', column: 'i.merged_into', nullable: true, description: 'The inquiry it went on in' },
  isCustomerBlocked: { type: 'boolean', column: 'i.is_customer_blocked' },
  reopenCount: { type: 'integer', column: 'i.reopen_count' },
  lastCustomerMessageAt: { type: 'instant', column: 'i.last_customer_message_at', sortable: true },
  snoozedUntil: {
    type: 'instant',
    column: 'i.snoozed_until',
    nullable: true,
    description: 'snoozedUntil[null]=false: the snoozed ones',
  },
  dueAt: {
    type: 'instant',
    column: 'i.due_at',
    nullable: true,
    sortable: true,
    description: 'Nearest open deadline; in the past when a promise is broken',
  },
  tag: tagField('inquiries', 'i.id'),
  createdAt: { type: 'instant', column: 'i.created_at', sortable: true, example: '2026-11-02' },
  updatedAt: { type: 'instant', column: 'i.updated_at', sortable: true },
} as const;

export const InquiryList: ListSpec = {
  fields: defineFields(FIELDS),
  defaultSort: '-createdAt',
  searchable: true,
  searched: { subject: 'i.subject', message: 'i.message' },
  includes: ['customer', 'assignee'],
  outputs: OUTPUTS,
  resource: 'inquiries',
  custom: 'i.custom_fields',
};

const TRASHED = { deletedAt: 'i.deleted_at', deletedBy: 'i.deleted_by' } as const;

export const trashColumns = () => ({ ...inquiryColumns(), ...TRASHED });

export const TrashList: ListSpec = {
  fields: defineFields({
    ...FIELDS,
    deletedAt: { type: 'instant', column: 'i.deleted_at', nullable: true, sortable: true },
    deletedBy: { type: 'id', column: 'i.deleted_by', nullable: true },
  }),
  defaultSort: '-deletedAt',
  record: 'inquiries',
  outputs: [...OUTPUTS, ...Object.keys(TRASHED)],
};
