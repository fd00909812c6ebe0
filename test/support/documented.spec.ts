import { describe, expect, it } from 'vitest';
import { unaskedIn } from './documented.js';

const ROWS = { body: { data: [{}] } };
const PEOPLE = { body: { Resources: [{}] } };
const RECORD = { body: { id: '1' } };

describe('A member that is missing, although it is required', () => {
  it.each([
    ['/customers?fields=id,email', ROWS, '/data/*/phone is missing', true],
    ['/customers?fields=id,email', ROWS, '/data/*/email is missing', false],
    ['/customers?fields=id,email', ROWS, '/meta is missing', false],
    ['/customers?fields=id,email', ROWS, '/data/*/phone is no string', false],
    ['/customers?fields=id', ROWS, 'the header Link is missing', false],
    ['/customers/1?fields=email', RECORD, '/phone is missing', true],
    ['/customers/1?fields=email', RECORD, '/email is missing', false],
    ['/customers?page=2', ROWS, '/data/*/phone is missing', false],
    ['/Users?attributes=name.givenName,userName', PEOPLE, '/Resources/*/name/familyName is missing', true],
    ['/Users?attributes=name.givenName,userName', PEOPLE, '/Resources/*/name/givenName is missing', false],
    ['/Users?attributes=emails', PEOPLE, '/Resources/*/emails/*/value is missing', false],
    ['/Users?attributes=emails', PEOPLE, '/totalResults is missing', false],
    ['/Users?excludedAttributes=emails', PEOPLE, '/Resources/*/emails is missing', true],
    ['/Users?excludedAttributes=emails', PEOPLE, '/Resources/*/userName is missing', false],
  ])('of %s is excused only where nobody asked for it', (url, answer, fault, isExcused) => {
    expect(unaskedIn(url, answer)(fault)).toBe(isExcused);
  });
});
