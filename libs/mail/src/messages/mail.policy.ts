import { definePermissions, StateMachine } from '@app/kernel';
import type { AuthenticationResult, Mailbox as Address, ParsedMail, RefusalReason, Verdict } from '../parsing/index.js';
import type { Automation, AutomationReason } from '../threading/index.js';

export const MailPermissions = definePermissions('mail', {
  ingest: 'Hand in raw mails.',
  read: { description: "Read incoming mails: those of one's teams' mailboxes, or all.", scoped: true },
  manage: 'Read quarantined mails again.',
  reveal: 'Read messages and mails that are kept from oneself; each reading is on record.',
});

export type MailState = 'received' | 'parsed' | 'routed' | 'ignored' | 'duplicate' | 'quarantined';
export type MailDecision = 'new' | 'reply' | 'ignored';
/** `crashed`: reading it broke the worker or failed as often as it may; `damaged`: the stored bytes are not those that came. */
export type QuarantineReason = RefusalReason | 'crashed' | 'damaged';

/** `parsed` waits for the inquiry, lead or side conversation that it becomes part of; `routed` has it. */
export const MAIL_STATES = new StateMachine<MailState>('mail', 'received', {
  received: ['parsed', 'duplicate', 'quarantined'],
  parsed: ['routed', 'ignored'],
  routed: [],
  ignored: [],
  duplicate: [],
  quarantined: ['received'],
});

/** After this many tries, crashes of the whole process among them, a mail is set aside: it never stands in another's way. */
export const MOST_READINGS = 5;

/** Two machines that answer each other without saying so write more than any person does. */
export const MOST_MAILS_AN_HOUR = 30;

/**
 * The inquiry a mail refers to, and what told: an id or address that we signed, somebody's Message-ID, a number. With a side
 * conversation the mail is part of that, and not of its inquiry.
 */
export type FoundThread = {
  readonly inquiryId: string;
  readonly sideConversationId: string | null;
  readonly by: 'response' | 'message_id' | 'inquiry' | 'number';
};

export type RoutingReason = AutomationReason | 'too_many_in_an_hour' | 'ignored_sender';
export type Route = {
  readonly decision: MailDecision;
  readonly inquiryId: string | null;
  readonly sideConversationId: string | null;
  readonly isAutomatic: boolean;
  readonly reasons: readonly RoutingReason[];
};

/** Signs of bulk mail that a person's words may carry too, sent through a group's address or a form on a website. */
const OF_PERSONS_TOO: readonly AutomationReason[] = ['list', 'precedence', 'auto_response_suppress', 'no_reply_sender'];

/**
 * Where a mail goes. What a machine wrote opens nothing and re-opens nothing: it is ignored, linked to the inquiry it refers
 * to. In a thread, bulk headers alone do not make a person's answer a machine's; and a form's no-reply sender that names
 * a person in Reply-To speaks for that person.
 */
export function routeOf(of: {
  automation: Pick<Automation, 'isAutomatic' | 'isOwn' | 'reasons'>;
  thread: FoundThread | undefined;
  hasReplyTo: boolean;
  sentLastHour: number;
  /** The tenant wants nothing of this sender. */
  isIgnored?: boolean;
}): Route {
  const { automation, thread, hasReplyTo, isIgnored = false } = of;
  const isFlood = of.sentLastHour >= MOST_MAILS_AN_HOUR;
  const isPerson = (reason: AutomationReason): boolean =>
    thread ? OF_PERSONS_TOO.includes(reason) : reason === 'no_reply_sender' && hasReplyTo;
  const isMachine = !automation.reasons.every(isPerson);
  return {
    decision: isMachine || isIgnored ? 'ignored' : thread ? 'reply' : 'new',
    inquiryId: thread?.sideConversationId ? null : (thread?.inquiryId ?? null),
    sideConversationId: thread?.sideConversationId ?? null,
    isAutomatic: automation.isAutomatic || automation.isOwn || isFlood || isIgnored,
    reasons: [
      ...automation.reasons,
      ...(isFlood ? (['too_many_in_an_hour'] as const) : []),
      ...(isIgnored ? (['ignored_sender'] as const) : []),
    ],
  };
}

/** What the receiving server found out about the sender (RFC 8601, 4.1): only one's own server is believed. */
export const ownResult = (
  results: readonly AuthenticationResult[],
  authServer: string | null,
): AuthenticationResult | null => results.find(({ server }) => authServer !== null && server === authServer) ?? null;

/**
 * What it comes to: DMARC where the sender's domain has a policy. Without one, a sender whose SPF or DKIM failed is no more
 * to be believed, unless the other of the two vouches for it.
 */
export function senderVerdict(result: AuthenticationResult | null): Verdict | null {
  if (!result) return null;
  const { spf, dkim, dmarc } = result;
  if (dmarc !== null && dmarc !== 'none') return dmarc;
  const isRefuted = [spf, dkim].includes('fail') && ![spf, dkim].includes('pass');
  return isRefuted ? 'fail' : dmarc;
}

/** Whom to answer: a no-reply sender may name somebody in Reply-To. */
export const correspondentOf = (
  reasons: readonly string[],
  from: Address | null,
  replyTo: readonly Address[],
): Address | null => (reasons.includes('no_reply_sender') ? (replyTo[0] ?? from) : from);

/**
 * What copies of one mail have in common. Nothing, for a mail with neither Message-ID nor date: two people may well write the
 * same words, and losing one of them is worse than showing both.
 */
export const contentHashOf = (mail: Pick<ParsedMail, 'messageId' | 'date' | 'contentHash'>): string | null =>
  mail.messageId || mail.date ? mail.contentHash : null;
