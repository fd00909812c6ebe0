import { domainToASCII } from 'node:url';

export type MailAddress = { readonly address: string; readonly name?: string };

const LONGEST_ADDRESS = 254; // RFC 5321, erratum 1690
// Quoted local parts are legal and left out: nobody's mailbox needs one, and every parser reads them differently.
const LOCAL = /^(?!\.)(?!.*\.\.)[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}(?<!\.)$/u;
// domainToASCII reads as a URL does: it drops line breaks and decodes percent signs, so it is shown only plain names
const PLAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

export function isMailAddress(address: string): boolean {
  const { local, domain } = partsOf(address);
  return (
    address.length <= LONGEST_ADDRESS &&
    LOCAL.test(local) &&
    PLAIN.test(domain) &&
    DOMAIN.test(domainToASCII(domain).toLowerCase())
  );
}

/** One spelling per mailbox: suppressions and receipts are compared by it. */
export function normaliseAddress(address: string): string {
  const { local, domain } = partsOf(address.trim());
  return `${local.normalize('NFC').toLowerCase()}@${(domainToASCII(domain) || domain).toLowerCase()}`;
}

export const domainOf = (address: string): string => normaliseAddress(address).split('@').at(-1) ?? '';

function partsOf(address: string): { local: string; domain: string } {
  const at = address.lastIndexOf('@');
  return { local: address.slice(0, Math.max(at, 0)), domain: address.slice(at + 1) };
}

/** Reads `Nexus <no-reply@example.com>` or a bare address. @throws when it is neither */
export function readMailAddress(text: string): MailAddress {
  const [, name = '', bracketed, bare] = /^(?:"?([^"<>]*?)"?\s*<([^<>]+)>|(\S+))$/.exec(text.trim()) ?? [];
  const address = bracketed ?? bare ?? '';
  if (!isMailAddress(address)) throw new Error('MAIL_FROM is no e-mail address');
  return name ? { name, address } : { address };
}
