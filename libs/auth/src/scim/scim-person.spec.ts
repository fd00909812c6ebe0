import { describe, expect, it } from 'vitest';
import { patchPerson, readPerson } from './scim-person.js';
import { readPatch } from './scim-patch.js';

const patched = (...Operations: object[]) => patchPerson(readPatch({ Operations }));

describe('What a directory says of a person', () => {
  it('is read from a whole document, whatever else is in it', () => {
    const draft = readPerson({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'bjensen@example.com',
      externalId: '701984',
      name: { formatted: 'Ms. Barbara J Jensen, III', familyName: 'Jensen', givenName: 'Barbara', middleName: 'Jane' },
      emails: [
        { value: 'babs@jensen.org', type: 'home' },
        { value: 'bjensen@example.com', type: 'work', primary: true },
      ],
      phoneNumbers: [{ value: '555-555-5555', type: 'work' }],
      title: 'Tour Guide',
      locale: 'en-US',
      timezone: 'America/Los_Angeles',
      active: true,
      password: 't1meMa$heen',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { employeeNumber: '701984', id: 'x' },
      id: 'mine',
      unheardOf: { deep: true },
    });
    expect(draft).toEqual({
      userName: 'bjensen@example.com',
      externalId: '701984',
      firstName: 'Barbara',
      lastName: 'Jensen',
      email: 'bjensen@example.com',
      zone: 'America/Los_Angeles',
      locale: 'en',
      isActive: true,
    });
  });

  it.each<[string, object[], object]>([
    ['Okta: a value without a path', [{ op: 'replace', value: { active: false } }], { isActive: false }],
    [
      'Entra: text for a boolean, an op in capitals',
      [{ op: 'Replace', path: 'active', value: 'False' }],
      { isActive: false },
    ],
    [
      'Entra: paths for keys',
      [
        {
          op: 'Add',
          value: {
            'name.givenName': 'Nina',
            'emails[type eq "work"].value': 'NINA@x.example',
            'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department': 'Sales',
            'phoneNumbers[type eq "work"].value': '1',
          },
        },
      ],
      { firstName: 'Nina', email: 'nina@x.example' },
    ],
    [
      'a path into the addresses',
      [{ op: 'add', path: 'emails[type eq "work"].value', value: 'a@x.example' }],
      { email: 'a@x.example' },
    ],
    [
      'an address for home, which is not kept',
      [{ op: 'add', path: 'emails[type eq "home"].value', value: 'a@x.example' }],
      {},
    ],
    ['all addresses', [{ op: 'replace', path: 'emails', value: [{ value: 'a@x.example' }] }], { email: 'a@x.example' }],
    [
      'what is taken away',
      [
        { op: 'remove', path: 'externalId' },
        { op: 'remove', path: 'name.familyName' },
      ],
      { externalId: null, lastName: '' },
    ],
    [
      'an extension that is not kept',
      [{ op: 'add', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager', value: 'x' }],
      {},
    ],
    ['an attribute that is not kept', [{ op: 'replace', path: 'title', value: 'Guide' }], {}],
    [
      'the last word',
      [
        { op: 'replace', path: 'active', value: true },
        { op: 'replace', path: 'active', value: 'False' },
      ],
      { isActive: false },
    ],
  ])('is read from a patch: %s', (_, operations, draft) => {
    expect(patched(...operations)).toEqual(draft);
  });

  it.each<[string, object, string]>([
    ['an attribute that there is not', { op: 'replace', path: 'shoeSize', value: 44 }, 'scim_invalid_path'],
    [
      'a way into what objects are made of',
      { op: 'replace', path: '__proto__.isAdmin', value: true },
      'scim_invalid_path',
    ],
    ['constructors', { op: 'add', path: 'constructor.prototype', value: {} }, 'scim_invalid_path'],
    ['our own field', { op: 'replace', path: 'isBreakGlass', value: true }, 'scim_invalid_path'],
    ['the id', { op: 'replace', path: 'id', value: 'x' }, 'scim_mutability'],
    ['groups', { op: 'add', path: 'groups', value: [{ value: 'x' }] }, 'scim_mutability'],
    ['a removal of everything', { op: 'remove' }, 'scim_no_target'],
    ['another op', { op: 'move', path: 'active', value: true }, 'scim_invalid_syntax'],
    ['no boolean', { op: 'replace', path: 'active', value: 'maybe' }, 'scim_invalid_value'],
    ['no address', { op: 'replace', path: 'emails', value: [] }, 'scim_invalid_value'],
    ['no name', { op: 'remove', path: 'userName' }, 'scim_invalid_value'],
    ['two lines', { op: 'replace', path: 'name.givenName', value: 'a\nb' }, 'scim_invalid_value'],
    ['no time zone', { op: 'replace', path: 'timezone', value: 'Mars/Olympus' }, 'scim_invalid_value'],
  ])('is refused: %s', (_, operation, code) => {
    expect(() => patched(operation)).toThrow(expect.objectContaining({ code }));
  });

  it('changes nothing of what all objects are', () => {
    readPerson(JSON.parse('{"__proto__": {"isActive": false}, "constructor": {"prototype": {"polluted": 1}}}'));
    expect([({} as { polluted?: number }).polluted, ({} as { isActive?: boolean }).isActive]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
