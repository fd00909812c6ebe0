import { clip, cleanLine } from './text.js';

/** A Message-ID with its angle brackets. Folding inside an id (Lotus Notes does it) leaves spaces, which go. */
const BRACKETED = /<([^<>]{1,998})>/g;
const BARE = /^[^\s<>"]{1,200}@[^\s<>"]{1,200}$/;
const MAX_ID = 998;

/** RFC 5322, 2.1.1: 998 octets a line. Longer values are folded by the transport; this is the cap of one value. */
const MAX_HEADER = 998;

/** The ids of a Message-ID, In-Reply-To or References value, in order, each once. */
export function readMessageIds(value: string): string[] {
  const ids = [...value.matchAll(BRACKETED)].map((match) => cleanId(match[1] ?? '')).filter((id) => id !== null);
  if (ids.length > 0) return [...new Set(ids)];
  const bare = cleanId(value.trim());
  return bare !== null && BARE.test(value.trim()) ? [bare] : [];
}

/** Keeps the first `head` and the last `tail` of a list: the root of a conversation and its latest turns. */
export function boundIds(ids: readonly string[], head: number, tail: number): string[] {
  return ids.length <= head + tail ? [...ids] : [...ids.slice(0, head), ...ids.slice(-tail)];
}

/** A value that can stand in an outgoing header: one line, no control characters, at most `max` characters. */
export function safeHeader(value: string, max = MAX_HEADER): string {
  return cleanLine(value, max);
}

function cleanId(inner: string): string | null {
  const id = inner.replace(/[\s\u0000-\u001f\u007f]+/g, '').replace(/\p{Surrogate}/gu, '\ufffd');
  return id.length > 0 && id.length < MAX_ID ? `<${id}>` : null;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const RFC5322_DATE =
  /(?:^|[\s,])(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?\s*([+-]\d{4}|[a-z]{1,5})?/i;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;
const ZONES: Record<string, number> = {
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

/**
 * The instant of a Date header (RFC 5322, 3.3, with the obsolete forms of 4.3), or null. `Date.parse` is not used: it
 * reads "lunch 7" as a date and a missing zone as the server's.
 */
export function readDate(value: string): Date | null {
  const text = clip(value, 200).trim();
  const instant = ISO_DATE.test(text) ? Date.parse(text) : fromRfc5322(text);
  return instant !== null && instant >= 0 && instant < Date.UTC(3000, 0) ? new Date(instant) : null;
}

function fromRfc5322(text: string): number | null {
  const match = RFC5322_DATE.exec(text);
  if (!match) return null;
  const [, day, monthName = '', yearText = '', hour, minute, second = '0', zone = '+0000'] = match;
  const month = MONTHS.indexOf(monthName.toLowerCase());
  if (month < 0 || Number(day) > 31 || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return null;
  return Date.UTC(fullYear(yearText), month, Number(day), Number(hour), Number(minute) - offset(zone), Number(second));
}

// RFC 5322, 4.3: two digits below 50 are 20xx, other two or three digit years count from 1900.
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return text.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

/** Minutes east of UTC. Unknown and military letters count as UTC (RFC 5322, 4.3). */
function offset(zone: string): number {
  if (!/^[+-]/.test(zone)) return ZONES[zone.toLowerCase()] ?? 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return zone.startsWith('-') ? -minutes : minutes;
}
