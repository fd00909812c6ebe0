import { randomBytes } from 'node:crypto';
import { newId } from '@app/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGenuine, mintRefreshToken, readRefreshToken } from './refresh-token.js';

const KEY = 'k7Qw2nVx9Zr4Tb6Yp1Lm8Hs3Dc5Jf0Gq';
const seed = randomBytes(32);
const sessionId = newId();

describe('A refresh token', () => {
  it('tells its session and generation, and is genuine under its seed and key alone', () => {
    const ticket = readRefreshToken(mintRefreshToken(KEY, sessionId, seed, 7))!;
    expect(ticket).toMatchObject({ sessionId, generation: 7 });
    expect(isGenuine(KEY, ticket, seed)).toBe(true);
    expect(isGenuine(KEY, ticket, randomBytes(32))).toBe(false);
    expect(isGenuine('another key of thirty-two letters', ticket, seed)).toBe(false);
  });

  it('is another one for each generation', () => {
    const tokens = [0, 1, 2, 3].map((generation) => mintRefreshToken(KEY, sessionId, seed, generation));
    expect(new Set(tokens).size).toBe(4);
  });

  it('does not survive the change of any bit', () => {
    const token = Buffer.from(mintRefreshToken(KEY, sessionId, seed, 1), 'base64url');
    for (let bit = 0; bit < token.length * 8; bit++) {
      const forged = Buffer.from(token);
      forged[bit >> 3] = forged[bit >> 3]! ^ (1 << (bit & 7));
      const ticket = readRefreshToken(forged.toString('base64url'));
      expect(ticket !== undefined && ticket.sessionId === sessionId && isGenuine(KEY, ticket, seed)).toBe(false);
    }
  });

  it('is not read from anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const ticket = readRefreshToken(text);
        return ticket === undefined || !isGenuine(KEY, ticket, seed);
      }),
    );
    expect(readRefreshToken(`${mintRefreshToken(KEY, sessionId, seed, 1)}=`)).toBeUndefined();
    expect(readRefreshToken('')).toBeUndefined();
  });
});
