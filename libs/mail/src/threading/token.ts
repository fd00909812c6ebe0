import { createHmac, timingSafeEqual } from 'node:crypto';

/** Current secret first; older ones still verify what was sent before a rotation. */
export type Secrets = string | readonly string[];

/** HMAC-SHA256 over labelled parts. The label keeps a signature of one purpose from passing for another. */
export function sign(secret: string, label: string, parts: readonly string[], bytes: number): Buffer {
  if (secret.length < 16) throw new Error('A mail signing secret needs at least 16 characters');
  return createHmac('sha256', secret)
    .update([label, ...parts].join('\n'))
    .digest()
    .subarray(0, bytes);
}

export function isSigned(secrets: Secrets, label: string, parts: readonly string[], signature: Buffer): boolean {
  return [secrets].flat().some((secret) => timingSafeEqual(sign(secret, label, parts, signature.length), signature));
}

/** The secret new tokens are made with. */
export function currentSecret(secrets: Secrets): string {
  const current = [secrets].flat()[0];
  if (current === undefined) throw new Error('No mail signing secret is configured');
  return current;
}

export const uuidToHex = (id: string): string => id.toLowerCase().replaceAll('-', '');

export function hexToUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
