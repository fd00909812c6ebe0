import { createHash } from 'node:crypto';

const LONGEST_INDEXED = 500;

/** A Message-ID as it is compared in the database: whole, or its hash when it would not fit into an index (2,704 bytes). */
export function threadKey(messageId: string): string {
  if (Buffer.byteLength(messageId) <= LONGEST_INDEXED) return messageId;
  return `sha256:${createHash('sha256').update(messageId).digest('hex')}`;
}

/** `INQ-000123`, `inq-123` and `INQ-123` are one number. */
export const numberKey = (reference: string): string =>
  reference
    .trim()
    .toUpperCase()
    .replace(/-0+(?=\d)/, '-');
