import { describe, expect, it } from 'vitest';
import { assertAcceptable, isCommon, type PasswordRefused } from './password.policy.js';
import { wellKnownPasswords } from './well-known-passwords.js';

const verdict = (password: string, owner: { email?: string; username?: string } = {}): string => {
  try {
    assertAcceptable(password, owner);
    return 'accepted';
  } catch (error) {
    return (error as PasswordRefused).code;
  }
};

const FIRST_TRIED =
  `12345678 123456789 1234567890 password password1 password123 passw0rd p@ssw0rd Pa55word iloveyou sunshine sunshine1 princess
  princess1 football baseball superman batman123 welcome1 trustno1 dragon12 monkey123 qwertyui qwertyuiop qwerty123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx
  qazwsxedc asdfghjkl zxcvbnm1 11111111 00000000 88888888 aaaaaaaa abcd1234 abc12345 abcdefgh 12341234 123123123 87654321 147258369 11223344 31415926
  jennifer michelle liverpool chelsea1 mustang1 corvette mercedes starwars computer internet whatever jordan23 michael1 charlie1 letmein1 administrator
  admin123 changeme master123 november 19871987 20002000 01012000 hellohello blahblah fuckyou1 asshole1 samsung1 pokemon1 minecraft1 qwer1234 asdf1234
  a1b2c3d4 q1w2e3r4 google123 london123 eminem12 metallica slipknot1 babygirl1 butterfly chocolate`
    .split(/\s+/)
    .filter(Boolean);

describe('A password', () => {
  it('has at least 8 and at most 128 characters, counted as people count', () => {
    expect(verdict('xk4-Pq2')).toBe('password_too_short');
    expect(verdict('xk4-Pq2z')).toBe('accepted');
    expect(verdict('🦊🐙🦀🦉🐢🦔🐳')).toBe('password_too_short');
    expect(verdict('🦊🐙🦀🦉🐢🦔🐳🐝')).toBe('accepted');
    expect(verdict(`${'long phrase of words '.repeat(6)}ab`)).toBe('accepted');
    expect(verdict('x7'.repeat(20) + 'yz'.repeat(45))).toBe('password_too_long');
  });

  it.each(FIRST_TRIED)('is not %s, which anybody would try', (password) => {
    expect(isCommon(password)).toBe(true);
    expect(isCommon(password.toUpperCase())).toBe(true);
  });

  it('is none of the 3,000 that are tried first', () => {
    const first = [...wellKnownPasswords()].slice(0, 3000);
    expect(first.slice(0, 3)).toEqual(['123456', 'password', '12345678']);
    expect(first.filter((password) => verdict(password) === 'accepted')).toEqual([]);
    const long = first.filter((password) => password.length >= 8);
    expect(long.length).toBeGreaterThan(500);
    expect(long.filter((password) => verdict(`${password.toUpperCase()}7`) === 'accepted')).toEqual([]);
  });

  it.each([
    'Nexus-Demo-1',
    'seven green bottles',
    'correct horse battery staple',
    'kVt7#pQz',
    'mein Hund heißt Rex',
    '    dots    ',
  ])('may be %s: no rule asks for digits or symbols', (password) => {
    expect(verdict(password)).toBe('accepted');
  });

  it('is not its owner’s name', () => {
    const owner = { email: 'clara.sommer@demo.example', username: 'clara.sommer' };
    expect(verdict('Clara.Sommer', owner)).toBe('password_too_common');
    expect(verdict('clara.sommer2026', owner)).toBe('password_too_common');
    expect(verdict('clara.sommer@demo.example', owner)).toBe('password_too_common');
    expect(verdict('clara.sommer', {})).toBe('accepted');
  });
});
