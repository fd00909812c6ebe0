import { describe, expect, it } from 'vitest';
import { quotesIn, withQuotes } from './fact-quotes.js';

describe('The quotes of a text', () => {
  it('are found once each, in their order, whatever space is left around them', () => {
    expect(quotesIn('Hello {{customer.firstName}}, by {{ inquiry.sla.dueAt }}. {{customer.firstName}}!')).toEqual([
      'customer.firstName',
      'inquiry.sla.dueAt',
    ]);
  });

  it.each(['{customer.name}', '{{}}', '{{ two words }}', '{{customer.name}', 'nothing'])('are none in %s', (text) => {
    expect(quotesIn(text)).toEqual([]);
  });

  it('are filled in once: what a fact says is not read for quotes again', () => {
    expect(withQuotes('{{a}} and {{ b }}', (name) => (name === 'a' ? '{{b}} $& $1' : 'B'))).toBe('{{b}} $& $1 and B');
  });

  it('are found in time, however hostile the text', () => {
    for (const text of [
      '{{'.repeat(50_000),
      `{{${' '.repeat(100_000)}`,
      '{{ '.repeat(33_000),
      `{{${'a'.repeat(99_990)}`,
    ]) {
      const begun = Date.now();
      quotesIn(text);
      expect(Date.now() - begun).toBeLessThan(500);
    }
  });
});
