import { describe, expect, it } from 'vitest';
import { domainOf, normaliseAddress, readMailAddress } from './mail-address.js';

describe('A mail address', () => {
  it.each([
    ['Asha.Rao@Example.COM', 'asha.rao@example.com'],
    ['info@BÜCHER.example', 'info@xn--bcher-kva.example'],
    ['info@xn--bcher-kva.example', 'info@xn--bcher-kva.example'],
    ['JU\u0308RGEN@example.com', 'jürgen@example.com'],
  ])('%s has one spelling', (given, normal) => {
    expect(normaliseAddress(given)).toBe(normal);
  });

  it('tells its domain in ASCII', () => {
    expect(domainOf('info@Bücher.example')).toBe('xn--bcher-kva.example');
  });

  it.each([
    ['Nexus <no-reply@localhost>', { name: 'Nexus', address: 'no-reply@localhost' }],
    ['"Nexus, Pune" <no-reply@example.com>', { name: 'Nexus, Pune', address: 'no-reply@example.com' }],
    ['no-reply@example.com', { address: 'no-reply@example.com' }],
  ])('is read from %s', (text, address) => {
    expect(readMailAddress(text)).toEqual(address);
  });

  it('is not read from what is none', () => {
    expect(() => readMailAddress('Nexus')).toThrow('MAIL_FROM');
  });
});
