import { describe, expect, it } from 'vitest';
import { normaliseDomain } from './company-domain.js';

describe('The domain of a company', () => {
  it.each([
    ['okafor.example', 'okafor.example'],
    [' Okafor.EXAMPLE. ', 'okafor.example'],
    ['https://www.okafor.example/about?x#y', 'okafor.example'],
    ['www.okafor.example', 'okafor.example'],
    ['müller.example', 'xn--mller-kva.example'],
    ['shop.okafor.example', 'shop.okafor.example'],
  ])('is read from %j', (written, domain) => {
    expect(normaliseDomain(written)).toBe(domain);
  });

  it.each(['okafor', '', 'www.example', 'a..example', '-a.example', '10.0.0.1', 'mira@okafor.example', 'a b.example'])(
    'is not %j',
    (written) => {
      expect(normaliseDomain(written)).toBeUndefined();
    },
  );

  it('is not longer than DNS can carry', () => {
    expect(normaliseDomain(`${'a.'.repeat(124)}example`)).toBeUndefined();
  });
});
