import { describe, expect, it } from 'vitest';
import { aCodeOf } from '../testing.js';
import { newTotpSecret, totpStep, totpUri } from './totp.js';

// RFC 6238, appendix B, SHA-1: the ASCII secret 12345678901234567890, of whose eight digits six are shown
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const VECTORS: [seconds: number, code: string, step: number][] = [
  [59, '287082', 0x1],
  [1_111_111_109, '081804', 0x23523ec],
  [1_111_111_111, '050471', 0x23523ed],
  [1_234_567_890, '005924', 0x273ef07],
  [2_000_000_000, '279037', 0x3f940aa],
  [20_000_000_000, '353130', 0x27bc86aa],
];
const at = (seconds: number): Date => new Date(seconds * 1000);

describe('A one-time code', () => {
  it.each(VECTORS)('at %i s is the one of RFC 6238: %s', (seconds, code, step) => {
    expect(totpStep(SECRET, code, at(seconds))).toBe(step);
    expect(aCodeOf(SECRET, at(seconds))).toBe(code);
  });

  it('is taken one step early and one step late, and no further', () => {
    const now = 1_700_000_010; // the first second of its step
    const step = now / 30;
    const codeOf = (steps: number): string => aCodeOf(SECRET, at(now + steps * 30));
    expect([-2, -1, 0, 1, 2].map((steps) => totpStep(SECRET, codeOf(steps), at(now)))).toEqual([
      undefined,
      step - 1,
      step,
      step + 1,
      undefined,
    ]);
    expect([-2, -1, 0, 1, 2].map((steps) => totpStep(SECRET, codeOf(steps), at(now + 29.999)))).toEqual([
      undefined,
      step - 1,
      step,
      step + 1,
      undefined,
    ]);
  });

  it.each(['', '28708', '2870822', '28708a', '２８７０８２', ' 287082', '-87082', '287082\n'])(
    'is six digits and not %j',
    (code) => {
      expect(totpStep(SECRET, code, at(59))).toBeUndefined();
    },
  );

  it('comes of a secret of 160 random bits', () => {
    const secrets = Array.from({ length: 50 }, newTotpSecret);
    expect(new Set(secrets).size).toBe(50);
    expect(secrets.filter((secret) => !/^[A-Z2-7]{32}$/.test(secret))).toEqual([]);
  });

  it('is set up by an address that names issuer and account, whatever they are called', () => {
    const uri = new URL(totpUri(SECRET, { issuer: 'Meier & Söhne: Reisen?', account: 'ada+1@north.example' }));
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(uri.pathname)).toBe('/Meier & Söhne: Reisen?:ada+1@north.example');
    expect(uri.searchParams.get('secret')).toBe(SECRET);
    expect(uri.searchParams.get('issuer')).toBe('Meier & Söhne: Reisen?');
  });
});
