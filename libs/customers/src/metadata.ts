import { MetadataTooLarge } from './customer.errors.js';

const LARGEST = 16 * 1024; // bytes of JSON

/** @throws MetadataTooLarge */
export function bounded(metadata: Record<string, unknown>): Record<string, unknown> {
  if (Buffer.byteLength(JSON.stringify(metadata)) > LARGEST) throw new MetadataTooLarge(LARGEST);
  return metadata;
}
