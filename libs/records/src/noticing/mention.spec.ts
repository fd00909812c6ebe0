import { describe, expect, it } from 'vitest';
import { mentionsIn } from './mention.js';

describe('A note', () => {
  it.each<[string, string[]]>([
    ['@clara, please look', ['clara']],
    ['Ask @Clara or @max.m. Thanks @clara!', ['clara', 'max.m']],
    ['(@sven) and\n@rosa-d', ['sven', 'rosa-d']],
    ['Write to clara@demo.example or to @', []],
    ['a@b @@c', []],
  ])('%j mentions %j', (body, names) => {
    expect(mentionsIn(body)).toEqual(names);
  });

  it('that calls more than twenty calls nobody', () => {
    const calls = Array.from({ length: 21 }, (_, n) => `@x${n}`);
    expect(mentionsIn(calls.slice(1).join(' '))).toHaveLength(20);
    expect(mentionsIn(calls.join(' '))).toEqual([]);
  });

  it('is read in one pass however long', () => {
    const began = performance.now();
    expect(mentionsIn('@a.'.repeat(30_000))).toEqual(['a']);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
