import { Invalid, isId } from '@app/kernel';
import { normaliseEmail } from '../parsing/address.js';
import { currentSecret, hexToUuid, isSigned, type Secrets, sign, uuidToHex } from './token.js';

/** The token, the `+` and the mailbox have to fit into a local part of 64 octets (RFC 5321). */
export class MailboxTooLong extends Invalid {
  constructor(mailbox: string) {
    super('mailbox_too_long', 'The local part of the mailbox leaves no room for a reply token', { mailbox });
  }
}

const LABEL = 'reply-address';
const MAC_BYTES = 10;
const TOKEN_LENGTH = 42;
// RFC 4648 base32 in lower case: servers on the way may change the case of a local part.
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** `support@example.com` becomes `support+<token>@example.com`: answers to it belong to this inquiry. */
export function mintReplyAddress(of: {
  mailbox: string;
  tenantId: string;
  inquiryId: string;
  secret: Secrets;
}): string {
  const mailbox = normaliseEmail(of.mailbox);
  if (mailbox === null || !isId(of.tenantId) || !isId(of.inquiryId))
    throw new Error('A reply address needs a mailbox and UUIDs');
  const [local = '', domain = ''] = mailbox.split('@');
  if (Buffer.byteLength(local) + 1 + TOKEN_LENGTH > 64) throw new MailboxTooLong(mailbox);
  const parts = [of.tenantId.toLowerCase(), of.inquiryId.toLowerCase()];
  const mac = sign(currentSecret(of.secret), LABEL, parts, MAC_BYTES);
  return `${local}+${base32(Buffer.from(uuidToHex(of.inquiryId), 'hex'))}${base32(mac)}@${domain}`;
}

/** The inquiry a reply address names; null when there is no token, or none that was signed for this tenant. */
export function readReplyAddress(address: string, of: { tenantId: string; secret: Secrets }): string | null {
  const token = /\+([a-z2-7]{42})@[^@]+$/.exec(normaliseEmail(address) ?? '')?.[1];
  if (!token) return null;
  const inquiryId = hexToUuid(fromBase32(token.slice(0, 26), 16).toString('hex'));
  const parts = [of.tenantId.toLowerCase(), inquiryId];
  return isSigned(of.secret, LABEL, parts, fromBase32(token.slice(26), MAC_BYTES)) ? inquiryId : null;
}

/** The mailbox itself, without what follows a `+`. */
export const withoutTag = (address: string): string => address.replace(/\+[^@]*(?=@)/, '');

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

function fromBase32(text: string, length: number): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(Array.from({ length }, (_, index) => parseInt(bits.slice(index * 8, index * 8 + 8), 2)));
}
