import { describe, expect, it } from 'vitest';
import { parseFilter, parsePath } from './scim-filter.js';

describe('A SCIM filter', () => {
  it.each([
    ['userName eq "bjensen"', [{ attribute: 'username', value: 'bjensen' }]],
    ['USERNAME Eq "bjensen"', [{ attribute: 'username', value: 'bjensen' }]],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "b"', [{ attribute: 'username', value: 'b' }]],
    ['emails.value eq "a@b.example"', [{ attribute: 'emails.value', value: 'a@b.example' }]],
    ['emails[type eq "work"].value eq "a@b.example"', [{ attribute: 'emails.value', value: 'a@b.example' }]],
    ['active eq true', [{ attribute: 'active', value: true }]],
    ['externalId eq "a and b"', [{ attribute: 'externalid', value: 'a and b' }]],
    ['displayName eq "say \\"hi\\" \\u00e4"', [{ attribute: 'displayname', value: 'say "hi" ä' }]],
    [
      'id eq "1" and members eq "2"',
      [
        { attribute: 'id', value: '1' },
        { attribute: 'members', value: '2' },
      ],
    ],
  ])('is read: %s', (text, conditions) => {
    expect(parseFilter(text)).toEqual(conditions);
  });

  it.each([
    '',
    'userName',
    'userName eq',
    'userName eq bjensen',
    'userName eq "open',
    'userName co "b"',
    'userName pr',
    'not (userName eq "b")',
    'userName eq "a" or userName eq "b"',
    'userName eq "a" and',
    'userName eq 5',
    `userName eq "${'a'.repeat(1000)}"`,
    Array.from({ length: 11 }, () => 'id eq "1"').join(' and '),
  ])('is refused by its name: %s', (text) => {
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code: 'scim_invalid_filter' }));
  });

  it('takes no longer for what is made to be slow', () => {
    const begun = performance.now();
    for (const text of ['"\\'.repeat(400), 'a['.repeat(450), `${' '.repeat(990)}"`, 'a.'.repeat(450)])
      expect(() => parseFilter(text)).toThrow();
    expect(performance.now() - begun).toBeLessThan(200);
  });
});

describe('The path of a SCIM patch', () => {
  it.each([
    ['active', { attribute: 'active', which: undefined, sub: undefined }],
    ['name.givenName', { attribute: 'name', which: undefined, sub: 'givenname' }],
    ['urn:ietf:params:scim:schemas:core:2.0:User:name.familyName', { attribute: 'name', sub: 'familyname' }],
    [
      'emails[type eq "work"].value',
      { attribute: 'emails', which: { attribute: 'type', value: 'work' }, sub: 'value' },
    ],
    ['members[value eq "2819c223"]', { attribute: 'members', which: { attribute: 'value', value: '2819c223' } }],
  ])('is read: %s', (text, path) => {
    expect(parsePath(text)).toMatchObject(path);
  });

  it.each(['', '.', 'a..b', 'a[', 'a.b.c', '__proto__[x', ' '])('is refused: %s', (text) => {
    expect(() => parsePath(text)).toThrow(expect.objectContaining({ code: 'scim_invalid_path' }));
  });
});
