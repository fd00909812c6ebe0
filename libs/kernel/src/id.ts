import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const BYTES = 16;
/** Drawn for many ids at once: to ask the system for those of each costs more than all else of an id. */
const random = new Uint8Array(BYTES * 256);
let drawn = random.length;
let [msecs, seq] = [0, 0];

/**
 * A new UUIDv7 (RFC 9562): its first 48 bits are the time in milliseconds, so ids sort roughly by creation; those of one
 * process sort exactly so, by a counter that begins anywhere in each millisecond (method 1 of section 6.2).
 */
export function newId(): string {
  if (drawn === random.length) {
    randomFillSync(random);
    drawn = 0;
  }
  const own = random.subarray(drawn, (drawn += BYTES));
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    seq = new DataView(own.buffer, own.byteOffset).getUint32(0) >>> 1; // room to count up
  } else {
    seq = (seq + 1) >>> 0;
    if (seq === 0) msecs++;
  }
  return v7({ random: own, msecs, seq });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
export const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
