import { definePermissions } from '@app/kernel';
import type { Purpose } from '../messages/outgoing-mail.js';

export const SuppressionPermissions = definePermissions('suppressions', {
  read: 'Read the list of addresses that get no mail.',
  manage: 'Put addresses on the suppression list and take them off.',
});

/**
 * What each reason keeps from an address. An address that does not exist, or that a person barred, gets nothing at all:
 * not even a password reset, since a server that sees us try on loses trust in all our mail. Who complained or
 * unsubscribed does not want our offers, but still gets the answer to what they asked.
 */
export const WITHHELD = {
  hard_bounce: ['transactional', 'marketing'],
  manual: ['transactional', 'marketing'],
  complaint: ['marketing'],
  unsubscribe: ['marketing'],
} as const satisfies Record<string, readonly Purpose[]>;

export type SuppressionReason = keyof typeof WITHHELD;
export const SUPPRESSION_REASONS = Object.keys(WITHHELD) as SuppressionReason[];

export const reasonsAgainst = (purpose: Purpose): SuppressionReason[] =>
  SUPPRESSION_REASONS.filter((reason) => (WITHHELD[reason] as readonly Purpose[]).includes(purpose));
