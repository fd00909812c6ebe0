import { definePermissions, StateMachine } from '@app/kernel';

export const WorklogPermissions = definePermissions('worklogs', {
  read: { description: 'See who worked on what, and for how long', scoped: true },
  create: 'Record time of one’s own, by a timer or by hand',
  update: { description: 'Correct records of time and take them away', scoped: true },
  approve: { description: 'Approve records of time, which locks them, and take the approval back', scoped: true },
});

export const WORKLOG_STATUSES = ['running', 'recorded', 'approved'] as const;
export type WorklogStatus = (typeof WORKLOG_STATUSES)[number];

export const WORKLOG_STATUS = new StateMachine<WorklogStatus>('worklog', 'running', {
  running: ['recorded'],
  recorded: ['approved'],
  approved: ['recorded'],
});

/** How long one corrects one's own: a month after the work. */
export const EDIT_WITHIN_MS = 31 * 86_400_000;
export const LONGEST_DAY = 24 * 60; // minutes
export const MOST_APPROVED = 100;
