import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ahead } from './ahead.js';

describe('Reading ahead', () => {
  let read: string[];
  let isClosed: boolean;

  async function* letters(many: string, fault?: Error): AsyncGenerator<string, void> {
    [read, isClosed] = [[], false];
    try {
      for (const letter of many) {
        await wait(1);
        read.push(letter);
        yield letter;
      }
      if (fault) throw fault;
    } finally {
      isClosed = true;
    }
  }

  async function all(source: AsyncIterable<string>): Promise<string> {
    let text = '';
    for await (const letter of source) text += letter;
    return text;
  }

  it('gives the same in the same order, and nothing of nothing', async () => {
    expect(await all(ahead(letters('abcd')))).toBe('abcd');
    expect(await all(ahead(letters('')))).toBe('');
    expect(isClosed).toBe(true);
  });

  it('has the next one by the time that one is worked on, and none beyond', async () => {
    const seen: string[][] = [];
    for await (const _ of ahead(letters('abcd'))) {
      await wait(20);
      seen.push([...read]);
    }
    expect(seen.map(({ length }) => length)).toEqual([2, 3, 4, 4]);
  });

  it('throws what reading threw, after all that was read', async () => {
    const got: string[] = [];
    const reading = (async () => {
      for await (const letter of ahead(letters('ab', new Error('torn')))) {
        await wait(20);
        got.push(letter);
      }
    })();
    await expect(reading).rejects.toThrow('torn');
    expect(got).toEqual(['a', 'b']);
  });

  it('closes what it reads from when nobody goes on', async () => {
    for await (const _ of ahead(letters('abcd'))) break;
    expect(isClosed).toBe(true);
  });
});
