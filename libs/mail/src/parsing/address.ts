import { domainToASCII } from 'node:url';
import { addressParser } from 'postal-mime';
import { cleanLine, DECEPTIVE } from './text.js';

export type Mailbox = { readonly name: string; readonly address: string };

// RFC 5321, 4.5.3.1: 64 octets for the local part, 254 for the whole path without its brackets (erratum 1690).
const MAX_LOCAL = 64;
const MAX_ADDRESS = 254;
// Runs of dots are against RFC 5322 and still in use by Japanese carriers, so the local part only refuses delimiters.
const LOCAL = /^[^\s\u0000-\u0020\u007f-\u00a0"(),:;<>@[\]\\]+$/;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const ANY_BREAK = /[\r\n\u0000]/;
const HIDDEN = new RegExp(DECEPTIVE.source);
const MAX_LIST_CHARACTERS = 128 * 1024;

/**
 * The one spelling of an address: trimmed, lower case, NFC, the domain in its ASCII form. Null when it is none that
 * SMTP could carry safely: spaces, CR, LF, NUL, hidden characters, over-long parts (RFC 5321), no domain.
 */
export function normaliseEmail(value: string): string | null {
  if (ANY_BREAK.test(value) || HIDDEN.test(value)) return null;
  const trimmed = value.trim();
  if (trimmed.length > MAX_ADDRESS) return null;
  const address = trimmed.normalize('NFC').toLowerCase().normalize('NFC');
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = asciiDomain(address.slice(at + 1));
  if (!LOCAL.test(local) || Buffer.byteLength(local) > MAX_LOCAL || domain === null) return null;
  const spelled = `${local}@${domain}`;
  return Buffer.byteLength(spelled) <= MAX_ADDRESS ? spelled.replace(/\p{Surrogate}/gu, '\ufffd') : null;
}

/** The usable mailboxes of an address header, groups opened, in order, each address once; at most `max` of them. */
export function parseAddressList(header: string, max = 1_000): Mailbox[] {
  return toMailboxes(addressParser(header.slice(0, MAX_LIST_CHARACTERS), { flatten: true }), max);
}

type Listed = { name?: string; address?: string | undefined; group?: readonly Listed[] | undefined };

export function toMailboxes(listed: readonly Listed[] = [], max = 1_000): Mailbox[] {
  const found = new Map<string, Mailbox>();
  for (const entry of listed.flatMap((one) => one.group ?? [one])) {
    if (found.size >= max) break;
    const address = normaliseEmail(entry.address ?? '');
    if (address && !found.has(address)) found.set(address, { name: cleanLine(entry.name ?? '', 200), address });
  }
  return [...found.values()];
}

function asciiDomain(domain: string): string | null {
  // domainToASCII also rewrites numbers into IPv4 addresses, so plain ASCII does not pass through it.
  const ascii = /^[\x21-\x7e]*$/.test(domain) ? domain : domainToASCII(domain);
  return ascii.length > 0 && ascii.split('.').every((label) => LABEL.test(label)) ? ascii : null;
}
