import { describe, expect, it } from 'vitest';
import { normalisePattern, patternsOf } from './sender-pattern.js';

describe('A pattern of senders', () => {
  it.each([
    [' Ann@Example.ORG ', 'ann@example.org'],
    ['Example.org', 'example.org'],
    ['*.Example.org', '*.example.org'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('%s is kept as %s', (written, kept) => {
    expect(normalisePattern(written)).toBe(kept);
  });

  it.each([
    '',
    '*',
    '*.',
    '@',
    'org',
    '*.org',
    '*@example.org.',
    'a*.example.org',
    'ann@',
    'two words.example',
    '**.x.example',
  ])('%j is none', (written) => {
    expect(normalisePattern(written)).toBeNull();
  });

  it('fits an address by itself, by its domain, and by what its domain is under', () => {
    expect(patternsOf('ann@mail.news.example')).toEqual([
      ...['ann@mail.news.example', 'mail.news.example', '*.news.example', '*.example'],
    ]);
  });

  it('under a domain does not fit the domain itself', () => {
    expect(patternsOf('ann@news.example')).not.toContain('*.news.example');
  });
});
