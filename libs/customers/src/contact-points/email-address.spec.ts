import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress, normaliseEmail } from './email-address.js';

describe('An e-mail address', () => {
  it.each([
    ['mira@okafor.example', 'mira@okafor.example'],
    ['  Mira@Okafor.EXAMPLE ', 'mira@okafor.example'],
    ['root@localhost', 'root@localhost'],
    ['mira..k.@carrier.example', 'mira..k.@carrier.example'],
    ['mira@my_host.example', 'mira@my_host.example'],
    ["o'neill+crm@mail.okafor.example", "o'neill+crm@mail.okafor.example"],
    ['jose\u0301@okafor.example', 'jos\u00e9@okafor.example'],
    ['info@BÜCHER.example', 'info@xn--bcher-kva.example'],
    ['用户@例え.example', '用户@xn--r8jz45g.example'],
  ])('reads %j as %j', (written, normalised) => {
    expect(normaliseEmail(written)).toBe(normalised);
  });

  it.each([
    '',
    'nobody',
    '@okafor.example',
    'mira@',
    'mira@okafor..example',
    'mira@-okafor.example',
    'a@b@okafor.example',
    'mira okafor@okafor.example',
    'mira@okafor.example\r\nBcc: all@okafor.example',
    'mira\u0000@okafor.example',
    'mi\u200bra@okafor.example',
    'mi\u202era@okafor.example',
    '"mira"@okafor.example',
    'mira@[10.0.0.1]',
    'Mira <mira@okafor.example>',
    `${'x'.repeat(65)}@okafor.example`,
    `mira@${'x'.repeat(64)}.example`,
    `mira@${'okafor.'.repeat(40)}example`,
  ])('refuses %j', (written) => {
    expect(normaliseEmail(written)).toBeUndefined();
  });

  it('is public only with a name of the public mail system', () => {
    const addresses = [
      'mira@okafor.example',
      'info@xn--bcher-kva.example',
      'a@b.xn--p1ai',
      'root@localhost',
      'mira@10.0.0.1',
    ];
    expect(addresses.map(isPublicAddress)).toEqual([true, true, true, false, false]);
  });

  it('has one form, which it keeps', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' })), (written) => {
        const normalised = normaliseEmail(written);
        if (normalised === undefined) return;
        expect(normaliseEmail(normalised)).toBe(normalised);
        expect(normaliseEmail(` ${normalised.toUpperCase()}`)).toBeDefined();
        expect(normalised).not.toMatch(/[\s\p{Cc}]/u);
      }),
    );
  });
});
