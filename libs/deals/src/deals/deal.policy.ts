import { DateTime } from 'luxon';
import { definePermissions, StateMachine } from '@app/kernel';

export const DealPermissions = definePermissions('deals', {
  read: { description: 'See deals, the board and the forecast', scoped: true },
  create: 'Begin deals',
  update: { description: 'Change deals, move, win and lose them', scoped: true },
  assign: { description: 'Give deals to colleagues', scoped: true },
  reopen: { description: 'Open again what was won or lost', scoped: true },
  delete: { description: 'Put deals into the trash, and take them out', scoped: true },
  export: 'Export as a file the deals that one may see',
});

export const DEAL_STATUSES = ['open', 'won', 'lost'] as const;
export type DealStatus = (typeof DEAL_STATUSES)[number];

export const DEAL_STATES = new StateMachine<DealStatus>('deal', 'open', {
  open: ['won', 'lost'],
  won: ['open'],
  lost: ['open'],
});

/** In minor units. Sums of many still fit into what JSON carries exactly. */
export const LARGEST_AMOUNT = 999_999_999_999_999;

/** The calendar day of an instant in a zone, `YYYY-MM-DD`. */
export const dayIn = (zone: string, instant: Date): string =>
  DateTime.fromJSDate(instant, { zone }).toFormat('yyyy-MM-dd');

const DAY_MS = 86_400_000;
export const daysAfter = (instant: Date, days: number): Date => new Date(instant.getTime() + days * DAY_MS);
