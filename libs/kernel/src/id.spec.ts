import { afterEach, describe, expect, it, vi } from 'vitest';
import { isId, newId } from './id.js';

const many = (count: number): string[] => Array.from({ length: count }, newId);
/** Without time, version and variant: what nobody can guess. */
const unguessable = (id: string): string => id.replaceAll('-', '').slice(20);

describe('An id', () => {
  afterEach(() => void vi.useRealTimers());

  it('is a UUID of version 7, and begins with the time', () => {
    const [before, id, after] = [Date.now(), newId(), Date.now()];
    expect(isId(id)).toBe(true);
    expect(id[14]).toBe('7');
    const time = parseInt(id.replace('-', '').slice(0, 12), 16);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(after + 1);
  });

  it('is nobody else’s, and its end says nothing of the next one’s', () => {
    const ids = many(5_000);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map(unguessable)).size).toBe(ids.length);
    const bytes = ids.flatMap((id) => [...Buffer.from(unguessable(id), 'hex')]);
    const mean = bytes.reduce((sum, byte) => sum + byte, 0) / bytes.length;
    expect(mean).toBeGreaterThan(125);
    expect(mean).toBeLessThan(130);
  });

  it('sorts behind those that this process gave before, also when the clock goes back', () => {
    const ids = many(1_000);
    vi.useFakeTimers({ now: Date.now() - 3_600_000 });
    ids.push(...many(1_000));
    vi.setSystemTime(Date.now() + 7_200_000);
    ids.push(...many(1_000));
    expect(ids).toEqual([...ids].sort());
  });
});
