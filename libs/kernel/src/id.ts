import { v7 } from 'uuid';

/** A new UUIDv7 (RFC 9562): its first 48 bits are the time in milliseconds, so ids sort roughly by creation. */
export const newId = (): string => v7();

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
export const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
