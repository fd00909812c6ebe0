import { definePermissions, StateMachine } from '@app/kernel';

export const InquiryPermissions = definePermissions('inquiries', {
  read: { description: 'Read inquiries and what is written in them.', scoped: true },
  create: 'Record an inquiry for a customer.',
  update: { description: 'Edit inquiries, note in them and move them on.', scoped: true },
  assign: { description: 'Give inquiries to people and teams, or take them away.', scoped: true },
  take: 'Take an inquiry that is nobody’s, and give back one’s own.',
  restrict: { description: 'Say who may read a message: of inquiries, or what one wrote oneself.', scoped: true },
  side: { description: 'Write to others than the customer about inquiries.', scoped: true },
  distribute: 'Say how teams give their inquiries to their people.',
  export: 'Export what one may read of inquiries.',
  delete: 'Move inquiries to the trash and back.',
});

export const STATUSES = ['new', 'open', 'pending_customer', 'on_hold', 'resolved', 'closed', 'spam', 'merged'] as const;
export type InquiryStatus = (typeof STATUSES)[number];

/** The statuses somebody may name; merged is what becomes of an inquiry for which another one is named. */
export const PLAIN_STATUSES = STATUSES.filter((status) => status !== 'merged');
export type PlainStatus = Exclude<InquiryStatus, 'merged'>;

/** Out of `spam` and `merged` leads only the status it had before; the entity knows which. */
export const INQUIRY_STATES = new StateMachine<InquiryStatus>('inquiry', 'new', {
  new: ['open', 'pending_customer', 'on_hold', 'spam', 'merged'],
  open: ['pending_customer', 'on_hold', 'resolved', 'spam', 'merged'],
  pending_customer: ['open', 'on_hold', 'resolved', 'spam', 'merged'],
  on_hold: ['open', 'resolved', 'spam', 'merged'],
  resolved: ['open', 'closed', 'spam', 'merged'],
  closed: ['open', 'spam'],
  spam: ['new', 'open', 'pending_customer', 'on_hold', 'resolved', 'closed'],
  merged: ['new', 'open', 'pending_customer', 'on_hold', 'resolved'],
});

/** What is closed or spam neither joins another inquiry nor is joined. */
export type MergeableStatus = Exclude<PlainStatus, 'closed' | 'spam'>;
export const isMergeable = (status: InquiryStatus): status is MergeableStatus =>
  INQUIRY_STATES.allows(status, 'merged');

/** How long a merge can be taken back: 24 hours. */
export const UNMERGE_WITHIN_MS = 86_400_000;

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const CHANNELS = ['email', 'phone', 'chat', 'web', 'social', 'api'] as const;
export type Channel = (typeof CHANNELS)[number];

/** How far ahead an inquiry is snoozed: a year. */
export const LONGEST_SNOOZE_MS = 366 * 86_400_000;

const DAY_MS = 86_400_000;
export const daysAfter = (instant: Date, days: number): Date => new Date(instant.getTime() + days * DAY_MS);

/** How an inquiry's number is written to people, and found in subjects. */
export const referenceOf = (number: number): string => `INQ-${String(number).padStart(6, '0')}`;

/** A subject came from outside: it breaks out of no line that it stands in. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

const LONGEST_EXCERPT = 20_000;
/** The inquiry shows the beginning of what was asked; the whole text stands in its first message. */
export const excerptOf = (text: string): string =>
  text.length > LONGEST_EXCERPT ? text.slice(0, LONGEST_EXCERPT).toWellFormed() : text;
