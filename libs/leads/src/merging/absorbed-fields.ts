import { isDeepStrictEqual } from 'node:util';
import type { Absorbed, Lead } from '../leads/lead.entity.js';
import { isLive, LIVE_STATUSES, type LeadStatus } from '../leads/lead.policy.js';

const PLAIN = ['email', 'phone', 'company', 'subject', 'message', 'mailHash'] as const;

const rank = (status: LeadStatus): number => LIVE_STATUSES.findIndex((live) => live === status);
const isEmpty = (document: object): boolean => Object.keys(document).length === 0;

/**
 * What a lead takes over from one that is the same person: what it has not. How far the other one has come is not lost
 * either: with its owner it stands where the further of both stood, unless that owner may not come in any more.
 */
export function absorbedFields(survivor: Lead, loser: Lead, isOwnerActive: boolean): Absorbed {
  const missing = PLAIN.filter((name) => survivor[name] === null && loser[name] !== null);
  const customFields = { ...loser.customFields, ...survivor.customFields };
  const isFurther = rank(loser.status) > rank(survivor.status) && loser.ownerId !== null && isOwnerActive;
  return {
    ...Object.fromEntries(missing.map((name) => [name, loser[name]])),
    ...(survivor.nextAction === null &&
      loser.nextAction !== null && { nextAction: loser.nextAction, nextActionAt: loser.nextActionAt }),
    ...(isEmpty(survivor.utm) && !isEmpty(loser.utm) && { utm: loser.utm }),
    ...(!isDeepStrictEqual(customFields, survivor.customFields) && { customFields }),
    ...(isFurther && { status: loser.status, ownerId: loser.ownerId }),
  };
}

/** The same fields as a lead has them now, as plain values: what is kept of a merge is compared when it is taken back. */
export const fieldsOf = (lead: Lead, of: Absorbed): Absorbed =>
  plain(Object.fromEntries(Object.keys(of).map((name) => [name, lead[name as keyof Absorbed]])));

/** What of a merge is taken back: what is still as it left it. A lead of which nothing more comes keeps what it has. */
export function returnedFields(survivor: Lead, { before, after }: { before: Absorbed; after: Absorbed }): Absorbed {
  if (!isLive(survivor.status)) return {};
  const now = fieldsOf(survivor, after);
  const isUntouched = (name: string): boolean =>
    isDeepStrictEqual(now[name as keyof Absorbed], after[name as keyof Absorbed]);
  // status and owner, and the next action and its time, go together
  const together = [
    ['status', 'ownerId'],
    ['nextAction', 'nextActionAt'],
  ].filter((names) => !names.every(isUntouched));
  const kept = new Set(together.flat());
  const names = Object.keys(after).filter((name) => isUntouched(name) && !kept.has(name));
  return Object.fromEntries(names.map((name) => [name, before[name as keyof Absorbed]]));
}

/** As it comes out of jsonb. */
const plain = (fields: object): Absorbed => JSON.parse(JSON.stringify(fields)) as Absorbed;
