import {
  ATTRIBUTIONS,
  BLOCK_DATE,
  BLOCK_OTHER,
  BLOCK_SENDER,
  DEVICE_SIGNATURE,
  FORWARDED,
  ORIGINAL_MESSAGE,
  SIGNATURE,
} from './reply-markers.js';

export type StrippedReply = { readonly reply: string; readonly quoted: string; readonly signature: string };

const MAX_ATTRIBUTION = 400;
const MAX_SIGNATURE_LINES = 20;
/** New words stand above or between quotations; nobody types more lines than this. */
const MAX_SEARCHED_LINES = 10_000;

/**
 * Splits a plain text mail into the new words, the quoted mail and the signature. Conservative: answers written between
 * quoted lines keep the quotation they answer, forwarded mails stay, and a mail with text never has an empty reply.
 */
export function stripReply(text: string): StrippedReply {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const { kept, quoted } = withoutQuotation(lines);
  const { body, signature } = withoutSignature(kept);
  const reply = joined(body);
  if (reply !== '') return { reply, quoted: joined(quoted), signature: joined(signature) };
  return { reply: text.trim(), quoted: '', signature: '' };
}

type Split = { readonly kept: readonly string[]; readonly quoted: readonly string[] };

function withoutQuotation(lines: readonly string[]): Split {
  const forwardedAt = lines.findIndex((line) => FORWARDED.test(line));
  const end = Math.min(forwardedAt < 0 ? lines.length : forwardedAt, MAX_SEARCHED_LINES);
  const tail = unquotedAfter(lines);
  for (let at = 0; at < end; at++) {
    if (isOriginalBlock(lines, at)) return cutAt(lines, startOfRule(lines, at));
    const height = attributionHeight(lines, at);
    if (height === 0) continue;
    const split = splitAtAttribution(lines, at, at + height, tail);
    if (split) return split;
  }
  return forwardedAt < 0 ? withoutTrailingQuotes(lines) : { kept: lines, quoted: [] };
}

/** `tail[i]`: how many of the lines from i on hold words and no quotation mark. */
function unquotedAfter(lines: readonly string[]): Int32Array {
  const tail = new Int32Array(lines.length + 1);
  for (let at = lines.length - 1; at >= 0; at--) tail[at] = (tail[at + 1] ?? 0) + (isUnquoted(lines[at]) ? 1 : 0);
  return tail;
}

function splitAtAttribution(lines: readonly string[], at: number, below: number, tail: Int32Array): Split | null {
  const quoteAt = nextWords(lines, below);
  if (quoteAt >= lines.length) return null;
  if (!isQuoted(lines[quoteAt])) return isDated(lines.slice(at, below)) ? cutAt(lines, at) : null;
  const quoteEnd = endOfQuote(lines, quoteAt);
  const rest = lines.slice(quoteEnd);
  if ((tail[quoteEnd] ?? 0) === 0 || SIGNATURE.test(rest.find((line) => line !== '') ?? '')) return cutAt(lines, at);
  const isBottomPosted =
    joined(lines.slice(0, at)) === '' && tail[quoteEnd] === rest.filter((line) => line !== '').length;
  return isBottomPosted ? { kept: rest, quoted: lines.slice(0, quoteEnd) } : withoutTrailingQuotes(lines);
}

/** Quoted lines at the very end answer nothing that follows; all others are context of the answers below them. */
function withoutTrailingQuotes(lines: readonly string[]): Split {
  let at = lines.length;
  while (at > 0 && !isUnquoted(lines[at - 1])) at--;
  return lines.slice(at).some(isQuoted) ? cutAt(lines, at) : { kept: lines, quoted: [] };
}

function withoutSignature(lines: readonly string[]): { body: readonly string[]; signature: readonly string[] } {
  let last = lines.length - 1;
  while (last >= 0 && lines[last] === '') last--;
  const lowest = Math.max(0, last - MAX_SIGNATURE_LINES);
  for (let at = lowest; at <= last; at++) {
    const line = lines[at] ?? '';
    if (SIGNATURE.test(line) || (at === last && DEVICE_SIGNATURE.test(line))) {
      return { body: lines.slice(0, at), signature: lines.slice(at) };
    }
  }
  return { body: lines, signature: [] };
}

/** How many lines (1 to 3, mail programs wrap them) introduce a quotation here; 0 when none do. */
function attributionHeight(lines: readonly string[], at: number): number {
  let candidate = '';
  for (let height = 1; height <= 3; height++) {
    const line = lines[at + height - 1];
    if (!line || line.startsWith('>')) return 0;
    candidate = `${candidate} ${line.trim()}`.trim();
    if (candidate.length > MAX_ATTRIBUTION) return 0;
    if (candidate.endsWith(':') && ATTRIBUTIONS.some((pattern) => pattern.test(candidate))) return height;
  }
  return 0;
}

function isOriginalBlock(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (line.length > MAX_ATTRIBUTION) return false;
  if (ORIGINAL_MESSAGE.test(line.trim())) return true;
  if (!BLOCK_SENDER.test(line)) return false;
  const below = lines.slice(at + 1, at + 8).map((next) => next.slice(0, MAX_ATTRIBUTION));
  return below.some((next) => BLOCK_DATE.test(next)) && below.some((next) => BLOCK_OTHER.test(next));
}

/** Outlook draws a rule of underscores above its header block. */
function startOfRule(lines: readonly string[], at: number): number {
  let above = at - 1;
  while (above >= 0 && lines[above] === '') above--;
  return above >= 0 && /^[_-]{5,200}$/.test(lines[above]?.trim() ?? '') ? above : at;
}

function endOfQuote(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && !isUnquoted(lines[at])) at++;
  return at;
}

function nextWords(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && lines[at] === '') at++;
  return at;
}

/** Without quotation marks below, "as Ann wrote:" may be the sender's own sentence; a mail program adds date and time. */
const isDated = (attribution: readonly string[]): boolean => /\d/.test(attribution.join(' '));
const isQuoted = (line = ''): boolean => line.startsWith('>');
const isUnquoted = (line = ''): boolean => line !== '' && !isQuoted(line);
const cutAt = (lines: readonly string[], at: number): Split => ({ kept: lines.slice(0, at), quoted: lines.slice(at) });
const joined = (lines: readonly string[]): string => lines.join('\n').replace(/^\n+/, '').trimEnd();
