import { StateMachine } from '@app/kernel';

export type SideState = 'open' | 'closed';

/** An answer to a closed one opens it again. */
export const SIDE_STATES = new StateMachine<SideState>('side conversation', 'open', {
  open: ['closed'],
  closed: ['open'],
});

export const MOST_RECIPIENTS = 10;

/** What became of a mail of ours; `bounced`: the server took it, and another one sent it back. */
export const DELIVERIES = ['queued', 'sent', 'failed', 'unknown', 'suppressed', 'bounced'] as const;
export type SideDelivery = (typeof DELIVERIES)[number];

/** How the mails of side conversations name what they are about. */
export const SIDE_SUBJECT = 'inquiries.side-message';

export type Recipient = { readonly address: string; readonly name?: string };
