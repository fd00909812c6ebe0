import { definePermissions, StateMachine } from '@app/kernel';

export const LeadPermissions = definePermissions('leads', {
  read: { description: 'See leads and what was written with them.', scoped: true },
  create: 'Write down leads.',
  update: { description: 'Change leads, move them on and drop them.', scoped: true },
  assign: { description: 'Give leads to colleagues.', scoped: true },
  convert: { description: 'Make customers and deals of leads.', scoped: true },
  delete: { description: 'Put leads into the trash, and take them out.', scoped: true },
  merge: 'Make one lead of two that are one person, and two again.',
  manage: 'Say which mails become leads, and clean up the duplicates among all of them.',
});

export const LEAD_STATUSES = [
  ...(['new', 'assigned', 'contacted', 'qualified', 'converted'] as const),
  ...(['disqualified', 'duplicate'] as const),
];
export type LeadStatus = (typeof LEAD_STATUSES)[number];

/** Out of `duplicate` leads only the status that it had before; the merge knows which. */
export const LEAD_STATES = new StateMachine<LeadStatus>('lead', 'new', {
  new: ['assigned', 'disqualified', 'duplicate'],
  assigned: ['contacted', 'disqualified', 'duplicate'],
  contacted: ['qualified', 'disqualified', 'duplicate'],
  qualified: ['converted', 'disqualified', 'duplicate'],
  converted: [],
  disqualified: ['new'],
  duplicate: ['new', 'assigned', 'contacted', 'qualified'],
});

/** Of which something may still come. */
export const LIVE_STATUSES = ['new', 'assigned', 'contacted', 'qualified'] as const satisfies readonly LeadStatus[];
export type LiveStatus = (typeof LIVE_STATUSES)[number];

export const isLive = (status: LeadStatus): status is LiveStatus => LIVE_STATUSES.some((live) => live === status);

/** The same as SQL, over `l`, a row of leads. */
export const IS_LIVE = `l.status in ('${LIVE_STATUSES.join("', '")}') and l.deleted_at is null`;
