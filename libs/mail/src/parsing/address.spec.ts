import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseEmail, parseAddressList } from './address.js';

describe('An e-mail address', () => {
  it.each([
    ['  Ann.Smith+x@Example.ORG ', 'ann.smith+x@example.org'],
    ['u\u0308ber@example.org', '\u00fcber@example.org'],
    ['ann@B\u00dcCHER.example', 'ann@xn--bcher-kva.example'],
    ['root@localhost', 'root@localhost'],
    ["o'neil@example.org", "o'neil@example.org"],
    ['ann@192.0.2.1', 'ann@192.0.2.1'],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
  ])('%j is spelled %j', (value, spelled) => {
    expect(normaliseEmail(value)).toBe(spelled);
  });

  it.each([
    '',
    'ann',
    '@example.org',
    'ann@',
    'ann@@example.org',
    'ann smith@example.org',
    'ann@exa mple.org',
    'ann@example.org\r\nBcc: eve@example.com',
    'ann@example.org\n',
    'ann\u0000@example.org',
    'ann\u200b@example.org',
    'ann\u202e@example.org',
    'ann@example..org',
    'ann@-example.org',
    '<ann@example.org>',
    'a,b@example.org',
    `${'a'.repeat(65)}@example.org`,
    `${'\u00fc'.repeat(33)}@example.org`,
    `a@${'b.'.repeat(130)}org`,
    'ann@[192.0.2.1]',
  ])('%j is refused', (value) => {
    expect(normaliseEmail(value)).toBeNull();
  });

  it('is spelled one way, and safe for a header, whatever is given', () => {
    const parts = fc.tuple(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 }));
    fc.assert(
      fc.property(parts, ([local, domain]) => {
        const spelled = normaliseEmail(`${local}@${domain}`);
        if (spelled === null) return;
        expect(normaliseEmail(spelled)).toBe(spelled);
        expect(spelled).not.toMatch(/[\s<>,;"]|\p{Surrogate}/u);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('An address list', () => {
  it('opens groups, decodes names, drops what is broken, and names each address once', () => {
    const list =
      'Team: "Smith, Ann" <ann@example.org>, bob@example.org;, =?utf-8?q?Z=C3=BC?= <z@example.org>, broken, ANN@example.org';
    expect(parseAddressList(list)).toEqual([
      { name: 'Smith, Ann', address: 'ann@example.org' },
      { name: '', address: 'bob@example.org' },
      { name: 'Z\u00fc', address: 'z@example.org' },
    ]);
  });

  it('keeps line ends out of names', () => {
    expect(parseAddressList('=?utf-8?q?Ann=0D=0ABcc=3A_x?= <ann@example.org>')).toEqual([
      { name: 'Ann Bcc: x', address: 'ann@example.org' },
    ]);
  });

  it('stops at its bound', () => {
    expect(parseAddressList('a@x.org, b@x.org, c@x.org', 2)).toHaveLength(2);
  });
});
