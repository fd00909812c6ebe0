import { isId } from '@app/kernel';
import { currentSecret, hexToUuid, isSigned, type Secrets, sign, uuidToHex } from './token.js';

export type MintedMessage = { readonly tenantId: string; readonly responseId: string; readonly revision: number };

const LABEL = 'message-id';
const MAC_BYTES = 16;
const MINTED =
  /^<?r\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})\.([0-9a-f]{32})([0-9a-f]{32})@[^<>@\s]{1,253}>?$/;

/**
 * The Message-ID of one revision of a response: `<r.<responseId>.<revision>.<signature>@domain>`, the same whenever it
 * is asked for. The signature part names the tenant too, so that a bounce in a shared mailbox finds its way. The domain
 * is not signed: it may change, what was sent before stays readable.
 */
export function mintMessageId(message: MintedMessage & { domain: string; secret: Secrets }): string {
  const { tenantId, responseId, revision, domain, secret } = message;
  if (!isId(tenantId) || !isId(responseId)) throw new Error('A Message-ID is minted from UUIDs');
  if (!Number.isSafeInteger(revision) || revision < 0 || revision > 999_999_999)
    throw new Error('Revision out of range');
  if (!/^[a-z0-9.-]{1,253}$/i.test(domain)) throw new Error('A Message-ID needs an ASCII domain');
  const parts = [tenantId.toLowerCase(), responseId.toLowerCase(), String(revision)];
  const mac = sign(currentSecret(secret), LABEL, parts, MAC_BYTES).toString('hex');
  return `<r.${responseId.toLowerCase()}.${revision}.${uuidToHex(tenantId)}${mac}@${domain.toLowerCase()}>`;
}

/** What one of our own Message-IDs names; null when it is somebody else's, damaged or forged. Case is forgiven. */
export function readMessageId(messageId: string, secret: Secrets): MintedMessage | null {
  const match = messageId.length <= 998 ? MINTED.exec(messageId.trim().toLowerCase()) : null;
  if (!match) return null;
  const [, responseId = '', revision = '', tenantHex = '', mac = ''] = match;
  const tenantId = hexToUuid(tenantHex);
  const isOurs = isSigned(secret, LABEL, [tenantId, responseId, revision], Buffer.from(mac, 'hex'));
  return isOurs ? { tenantId, responseId, revision: Number(revision) } : null;
}
