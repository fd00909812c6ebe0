import { cleanLine } from '../parsing/text.js';

const COUNTER = String.raw`\s?(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4}|\d{1,3})?\s?[:：]\s*`;
const REPLIES =
  're|aw|antw|antwort|sv|vs|odp|rv|res|resp|r|rép|ynt|yan|cevap|atb|bls|回复|回覆|答复|返信|답장|отв|ответ|απ|σχετ';
const FORWARDS = 'fwd?|wg|vb|vl|enc|tr|i|[iİ]lt|[iİ]let|pd|doorst|rif|转发|轉寄|転送|전달|пересл|πρθ';
const REPLY = new RegExp(`(?:${REPLIES})${COUNTER}`, 'iuy');
const ANY_PREFIX = new RegExp(`(?:(?:${REPLIES}|${FORWARDS})${COUNTER}|\\[(?:external|extern|ext|spam)\\]\\s*)`, 'iuy');
const TAG = /\[#?([A-Z]{2,10}-\d{1,12})\]/gi;

/** The subject without Re:, AW:, Fwd:, RE[2]:, [EXTERNAL] and our tags; lower case, single spaces: equal within a thread. */
export function normaliseSubject(subject: string): string {
  const plain = cleanLine(subject).replace(TAG, ' ').replace(/\s+/g, ' ').trim();
  return without(plain, ANY_PREFIX).normalize('NFC').toLowerCase();
}

/** `Re: ` and the subject, whatever reply prefixes it carries already. A forward's prefix stays. */
export function replySubject(subject: string): string {
  return `Re: ${without(cleanLine(subject, 900), REPLY)}`.trimEnd();
}

/** Ticket numbers (`INQ-1234` of `[#INQ-1234]`) in a subject, each once. They are not signed: a hint, not a proof. */
export function subjectTags(subject: string): string[] {
  return [...new Set([...cleanLine(subject).matchAll(TAG)].map((match) => (match[1] ?? '').toUpperCase()))].slice(0, 3);
}

function without(subject: string, prefix: RegExp): string {
  let at = 0;
  prefix.lastIndex = 0;
  while (prefix.test(subject)) at = prefix.lastIndex;
  prefix.lastIndex = 0;
  return subject.slice(at).trim();
}
