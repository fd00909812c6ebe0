import { domainToASCII } from 'node:url';

const LONGEST_LOCAL_PART = 64; // octets: RFC 5321, 4.5.3.1.1
const LONGEST_ADDRESS = 254; // octets: RFC 5321, 4.5.3.1.3 without the angle brackets
/** Whatever could end a header, or look like nothing: control, format (zero width, bidi), space, private and unassigned. */
const NOT_IN_AN_ADDRESS = /[\p{Cc}\p{Cf}\p{Z}\p{Co}\p{Cn}\p{Cs}"(),:;<>[\\\]]/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The form in which two spellings of one address are equal: NFC, lower case, the domain in ASCII (RFC 5891). Undefined
 * for what is no address that mail could be sent to. Quoted local parts and address literals are not taken.
 */
export function normaliseEmail(written: string): string | undefined {
  const address = written.trim().normalize('NFC');
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0)).toLowerCase();
  const domain = domainToASCII(address.slice(at + 1)).toLowerCase();
  if (NOT_IN_AN_ADDRESS.test(address) || !isLocalPart(local) || !isDomain(domain)) return undefined;
  const normalised = `${local}@${domain}`;
  return Buffer.byteLength(normalised) <= LONGEST_ADDRESS ? normalised : undefined;
}

function isLocalPart(local: string): boolean {
  const isDotted = local.startsWith('.') || local.endsWith('.') || local.includes('..');
  return local !== '' && !isDotted && !local.includes('@') && Buffer.byteLength(local) <= LONGEST_LOCAL_PART;
}

function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
}
