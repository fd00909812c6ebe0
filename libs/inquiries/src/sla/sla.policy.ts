import { definePermissions } from '@app/kernel';
import type { InquiryStatus, Priority } from '../inquiries/inquiry.policy.js';

export const SlaPolicyPermissions = definePermissions('sla-policies', {
  read: 'See how fast inquiries are promised to be answered.',
  manage: 'Change these promises, and when inquiries close and reopen.',
});

export const CLOCK_KINDS = ['first_response', 'next_response', 'resolution'] as const;
export type ClockKind = (typeof CLOCK_KINDS)[number];

export const CLOCK_STATES = ['running', 'paused', 'met', 'breached', 'cancelled'] as const;
export type ClockState = (typeof CLOCK_STATES)[number];

/** The statuses in which a policy may let its clocks stand still. */
export const PAUSING = ['pending_customer', 'on_hold'] as const;
export type Pausing = (typeof PAUSING)[number];

export const ESCALATION_ACTIONS = ['notify', 'reassign_to_lead', 'reassign_to_manager'] as const;
export type EscalationAction = (typeof ESCALATION_ACTIONS)[number];

/** What is done once this share of a promise's time is used up: 1 when it breaks, 2 when it is late by as much again. */
export type EscalationStep = { readonly after: number; readonly action: EscalationAction };

/** What a policy does unless it says otherwise. */
export const USUAL_ESCALATION: readonly EscalationStep[] = [
  { after: 0.8, action: 'notify' },
  { after: 1, action: 'reassign_to_lead' },
  { after: 2, action: 'reassign_to_manager' },
];

/** In seconds of business time; null promises nothing. */
export type Targets = Readonly<Record<ClockKind, number | null>>;

/** Whom a policy is for; an empty list means everybody. */
export type Audience = {
  readonly priorities: readonly string[];
  readonly categories: readonly string[];
  readonly levels: readonly string[];
};

export type Asked = { readonly priority: Priority; readonly category: string | null; readonly level: string | null };

const isFor = (list: readonly string[], value: string | null): boolean =>
  list.length === 0 || (value !== null && list.includes(value));

/** The first policy by position that is for this inquiry; the default one is for everybody and comes last. */
export function policyFor<P extends Audience & { readonly position: number; readonly isDefault: boolean }>(
  policies: readonly P[],
  { priority, category, level }: Asked,
): P | undefined {
  return [...policies]
    .sort((one, other) => Number(one.isDefault) - Number(other.isDefault) || one.position - other.position)
    .find(
      (policy) =>
        isFor(policy.priorities, priority) && isFor(policy.categories, category) && isFor(policy.levels, level),
    );
}

/** What shall become of a clock; `none` starts no clock that was not needed before. */
export type Wish = 'run' | 'pause' | 'met' | 'cancel' | 'none';

export type Standing = {
  readonly status: InquiryStatus;
  readonly statusBeforeSpam: InquiryStatus | null;
  readonly statusBeforeMerge?: InquiryStatus | null;
  readonly firstRespondedAt: Date | null;
  readonly awaitsAnswerSince: Date | null;
  readonly deletedAt: Date | null;
};

/**
 * What each clock of an inquiry has to do, from how the inquiry stands. An answer keeps the promises of an answer, a
 * resolution the promise of a resolution; who is resolved without an answer waits for none. Spam and trash stand still;
 * what is merged is promised nothing more.
 */
export function wishesFor(inquiry: Standing, pausesIn: readonly string[]): Readonly<Record<ClockKind, Wish>> {
  const status = inquiry.statusBeforeSpam ?? inquiry.statusBeforeMerge ?? inquiry.status;
  const isOver = status === 'resolved' || status === 'closed';
  const isHalted = inquiry.status === 'spam' || inquiry.deletedAt !== null || pausesIn.includes(status);
  const halted: Wish = isHalted ? 'pause' : 'run';
  const going: Wish = inquiry.status === 'merged' ? 'cancel' : halted;
  const response: Wish = isOver ? 'cancel' : going;
  const awaits = inquiry.awaitsAnswerSince !== null;
  return {
    first_response: inquiry.firstRespondedAt ? 'met' : response,
    next_response: !inquiry.firstRespondedAt ? 'none' : awaits ? response : 'met',
    resolution: isOver ? 'met' : going,
  };
}
