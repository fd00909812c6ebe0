import { describe, expect, it } from 'vitest';
import { SharedReads } from './shared-reads.js';

describe('SharedReads', () => {
  const counter = () => {
    const ends: ((failure?: Error) => void)[] = [];
    const ask = (): Promise<number> =>
      new Promise((resolve, reject) => {
        const mine = ends.length;
        ends.push((failure) => (failure ? reject(failure) : resolve(mine)));
      });
    return { ends, ask };
  };
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

  it('gives those who ask meanwhile one read that begins after the one under way', async () => {
    const reads = new SharedReads<number>();
    const { ends, ask } = counter();
    const first = reads.read('a', ask);
    const later = [reads.read('a', ask), reads.read('a', ask), reads.read('a', ask)];
    expect(ends).toHaveLength(1);
    ends[0]?.();
    expect(await first).toBe(0);
    await turn();
    expect(ends).toHaveLength(2);
    const latest = reads.read('a', ask);
    ends[1]?.();
    expect(await Promise.all(later)).toEqual([1, 1, 1]);
    await turn();
    ends[2]?.();
    expect(await latest).toBe(2);
  });

  it('keeps different ones apart', () => {
    const reads = new SharedReads<number>();
    const { ends, ask } = counter();
    void reads.read('a', ask);
    void reads.read('b', ask);
    expect(ends).toHaveLength(2);
  });

  it('tells a failure only to those who shared it, and begins anew', async () => {
    const reads = new SharedReads<number>();
    const { ends, ask } = counter();
    const first = reads.read('a', ask);
    const second = reads.read('a', ask);
    ends[0]?.(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await turn();
    ends[1]?.();
    expect(await second).toBe(1);
    await turn();
    void reads.read('a', ask);
    expect(ends).toHaveLength(3);
  });
});
