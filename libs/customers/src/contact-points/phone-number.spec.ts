import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDialingCountry, normalisePhone } from './phone-number.js';

describe('A phone number', () => {
  it.each([
    ['+49 30 123456', undefined, '+4930123456', 'DE'],
    ['030 / 123456', 'DE', '+4930123456', 'DE'],
    ['(030) 123-456', 'DE', '+4930123456', 'DE'],
    ['00 49 30 123456', 'DE', '+4930123456', 'DE'],
    ['98765 43210', 'IN', '+919876543210', 'IN'],
    ['(202) 555-0123', 'US', '+12025550123', 'US'],
    ['＋４９３０１２３４５６', undefined, '+4930123456', 'DE'],
    ['+44 20 7946 0958', 'DE', '+442079460958', 'GB'],
    ['+800 1234 5678', undefined, '+80012345678', null],
  ])('reads %j in %j as %j', (written, country, number, of) => {
    expect(normalisePhone(written, country)).toEqual({ number, country: of });
  });

  it.each([
    ['030 123456', undefined],
    ['', 'DE'],
    ['call me', 'DE'],
    ['+49', undefined],
    ['+999 123456789', undefined],
    ['12', 'US'],
    ['+49 30 123456 or later', undefined],
    ['1'.repeat(40), 'DE'],
  ])('refuses %j in %j', (written, country) => {
    expect(normalisePhone(written, country)).toBeUndefined();
  });

  it('knows the countries it can read', () => {
    expect(['DE', 'IN', 'XX', 'de', '', 1].map(isDialingCountry)).toEqual([true, true, false, false, false, false]);
  });

  it('has one form, which it keeps', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[+]?[0-9 ()/-]{3,20}$/),
        fc.constantFrom('DE', 'US', 'IN', 'GB'),
        (written, country) => {
          const number = normalisePhone(written, country)?.number;
          if (number === undefined) return;
          expect(number).toMatch(/^\+\d{4,17}$/);
          expect(normalisePhone(number)?.number).toBe(number);
        },
      ),
    );
  });
});
