import { boundIds, readMessageIds } from '../parsing/header.js';
import { replySubject } from './subject.js';

export type ReplyHeaders = {
  /** Null when the answered mail has no Message-ID of its own. */
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly subject: string;
};

const KEPT_AT_EACH_END = 20;

/**
 * The headers of an answer (RFC 5322, 3.6.4) to the mail described: its References, else its only In-Reply-To, and its
 * Message-ID at the end, bounded to the first and the last 20. Nothing in them can start a header of its own.
 */
export function replyHeaders(answered: {
  messageId: string | null;
  inReplyTo?: readonly string[];
  references?: readonly string[];
  subject?: string;
}): ReplyHeaders {
  const parent = sendable([answered.messageId ?? ''])[0] ?? null;
  const earlier = sendable(answered.references ?? []);
  const fallback = sendable(answered.inReplyTo ?? []);
  const chain = earlier.length > 0 ? earlier : fallback.length === 1 ? fallback : [];
  const whole = parent === null ? chain : [...chain.filter((id) => id !== parent), parent];
  return {
    inReplyTo: parent,
    references: boundIds(whole, KEPT_AT_EACH_END, KEPT_AT_EACH_END),
    subject: replySubject(answered.subject ?? ''),
  };
}

/** Ids that other mail programs know. The ones made up for mails without any are known to nobody. */
function sendable(ids: readonly string[]): string[] {
  const safe = ids.flatMap((id) => (/[\r\n\u0000]/.test(id) ? [] : readMessageIds(id)));
  return [...new Set(safe)].filter((id) => /^[\x21-\x7e]+$/.test(id) && !id.endsWith('@missing.invalid>'));
}
