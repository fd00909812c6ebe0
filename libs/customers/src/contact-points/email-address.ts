import { domainToASCII } from 'node:url';

const LONGEST_LOCAL_PART = 64; // octets: RFC 5321, 4.5.3.1.1
const LONGEST_ADDRESS = 254; // octets: RFC 5321, 4.5.3.1.3 without the angle brackets
// Runs of dots are against RFC 5322 and in use by Japanese carriers: what writes to us must be somebody.
const LOCAL_PART = /^[^\s\p{Cc}\p{Cs}"(),:;<>@[\]\\]+$/u;
/** Characters that hide or reorder text: harmless in prose, deceptive in what is compared. */
const HIDDEN = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const PUBLIC_DOMAIN = /\.[a-z][a-z0-9-]*$/;

/**
 * The form in which two spellings of one address are equal: NFC, lower case, the domain in ASCII (RFC 5891). Undefined
 * for what SMTP could not carry. As lenient as whoever writes to us may be; quoted local parts are not taken.
 */
export function normaliseEmail(written: string): string | undefined {
  const address = written.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = inAscii(address.slice(at + 1));
  const isLocal = LOCAL_PART.test(local) && Buffer.byteLength(local) <= LONGEST_LOCAL_PART;
  if (!isLocal || HIDDEN.test(address) || !domain.split('.').every((label) => LABEL.test(label))) return undefined;
  const normalised = `${local}@${domain}`;
  return Buffer.byteLength(normalised) <= LONGEST_ADDRESS ? normalised : undefined;
}

/** Whether the normalised address is one of the public mail system: what a person types without a dot is a slip. */
export const isPublicAddress = (normalised: string): boolean => PUBLIC_DOMAIN.test(normalised);

/** Plain ASCII stays as it is: domainToASCII would also read numbers as IPv4 addresses. */
const inAscii = (domain: string): string => (/^[\x21-\x7e]*$/.test(domain) ? domain : domainToASCII(domain));
