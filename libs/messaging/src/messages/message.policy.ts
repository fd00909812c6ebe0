import { definePermissions, StateMachine } from '@app/kernel';

export const MessagePermissions = definePermissions('messages', {
  read: 'Read outgoing messages and what became of them.',
  retry: 'Decide on messages that did not get through: retry, resolve or cancel them.',
});

export type MessageState = 'queued' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled' | 'suppressed';

/**
 * `sending` goes back to `queued` only when it is certain that nothing was handed over, or that the server refused it for
 * now. Out of `unknown` leads a late answer of the server or a person's word, never a timer.
 */
export const MESSAGE_STATES = new StateMachine<MessageState>('message', 'queued', {
  queued: ['sending', 'sent', 'cancelled', 'suppressed'],
  sending: ['sent', 'queued', 'failed', 'unknown'],
  sent: [],
  failed: ['queued'],
  unknown: ['sent', 'failed', 'queued'],
  cancelled: [],
  suppressed: ['queued'],
});

export const MOST_ATTEMPTS = 8;
const FIRST_DELAY_SECONDS = 30;
const LONGEST_DELAY_SECONDS = 4 * 3600;

/**
 * When a message may be tried again after its nth attempt: 30 s, 2 min, 8 min, … up to 4 h, some 13 h in all, which
 * outlasts greylisting and a server's night. `random` in [0, 1) spreads it by a quarter either way.
 */
export function nextAttemptAt(attempts: number, now: Date, random: number): Date | undefined {
  if (attempts >= MOST_ATTEMPTS) return undefined;
  const seconds = Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 4 ** (attempts - 1));
  return new Date(now.getTime() + Math.round(seconds * 1000 * (0.75 + random / 2)));
}
