import { createHmac, timingSafeEqual } from 'node:crypto';
import { isId } from '@app/kernel';

export type RefreshTicket = { readonly sessionId: string; readonly generation: number; readonly mac: Buffer };

const LENGTH = 16 + 4 + 32;

/**
 * A refresh token: session, generation and a 256-bit MAC over both and the session's random seed, under the key that
 * only the process has. To its holder it is opaque. No table holds it or a hash of it: whoever reads the database
 * cannot make one, and whoever only has the key neither.
 */
export function mintRefreshToken(key: string, sessionId: string, seed: Buffer, generation: number): string {
  const head = headOf(sessionId, generation);
  return Buffer.concat([head, macOf(key, head, seed)]).toString('base64url');
}

/** Reads the token's form; its MAC is checked once the session's seed is known. Undefined for anything else. */
export function readRefreshToken(token: string): RefreshTicket | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== LENGTH || bytes.toString('base64url') !== token) return undefined;
  const hex = bytes.subarray(0, 16).toString('hex');
  const sessionId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return isId(sessionId) ? { sessionId, generation: bytes.readUInt32BE(16), mac: bytes.subarray(20) } : undefined;
}

export function isGenuine(key: string, { sessionId, generation, mac }: RefreshTicket, seed: Buffer): boolean {
  return timingSafeEqual(mac, macOf(key, headOf(sessionId, generation), seed));
}

function headOf(sessionId: string, generation: number): Buffer {
  const head = Buffer.alloc(20, sessionId.replaceAll('-', ''), 'hex');
  head.writeUInt32BE(generation, 16);
  return head;
}

const macOf = (key: string, head: Buffer, seed: Buffer): Buffer =>
  createHmac('sha256', key).update(head).update(seed).digest();
