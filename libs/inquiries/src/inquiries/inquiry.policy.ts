import { definePermissions, StateMachine } from '@app/kernel';

export const InquiryPermissions = definePermissions('inquiries', {
  read: { description: 'Read inquiries and what is written in them.', scoped: true },
  create: 'Record an inquiry for a customer.',
  update: { description: 'Edit inquiries, note in them and move them on.', scoped: true },
  assign: { description: 'Give inquiries to people and teams, or take them away.', scoped: true },
  take: 'Take an inquiry that is nobody’s, and give back one’s own.',
  delete: 'Move inquiries to the trash and back.',
});

export const STATUSES = ['new', 'open', 'pending_customer', 'on_hold', 'resolved', 'closed', 'spam'] as const;
export type InquiryStatus = (typeof STATUSES)[number];

/** Out of `spam` leads only the status it had before; the entity knows which. */
export const INQUIRY_STATES = new StateMachine<InquiryStatus>('inquiry', 'new', {
  new: ['open', 'pending_customer', 'on_hold', 'spam'],
  open: ['pending_customer', 'on_hold', 'resolved', 'spam'],
  pending_customer: ['open', 'on_hold', 'resolved', 'spam'],
  on_hold: ['open', 'resolved', 'spam'],
  resolved: ['open', 'closed', 'spam'],
  closed: ['open', 'spam'],
  spam: ['new', 'open', 'pending_customer', 'on_hold', 'resolved', 'closed'],
});

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const CHANNELS = ['email', 'phone', 'chat', 'web', 'social', 'api'] as const;
export type Channel = (typeof CHANNELS)[number];

const DAY_MS = 86_400_000;
export const daysAfter = (instant: Date, days: number): Date => new Date(instant.getTime() + days * DAY_MS);

/** How an inquiry's number is written to people, and found in subjects. */
export const referenceOf = (number: number): string => `INQ-${String(number).padStart(6, '0')}`;

const LONGEST_EXCERPT = 20_000;
/** The inquiry shows the beginning of what was asked; the whole text stands in its first message. */
export const excerptOf = (text: string): string =>
  text.length > LONGEST_EXCERPT ? text.slice(0, LONGEST_EXCERPT).toWellFormed() : text;
