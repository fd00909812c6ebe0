import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mintMessageId, readMessageId } from './message-id.js';

const MESSAGE = {
  tenantId: '0192a000-0000-7000-8000-000000000001',
  responseId: '0192a000-0000-7000-8000-0000000000aa',
  revision: 3,
};
const SECRET = 'a secret of sixteen or more';
const ID = mintMessageId({ ...MESSAGE, domain: 'mail.example.com', secret: SECRET });

describe('A minted Message-ID', () => {
  it('names the response and the revision, the same every time', () => {
    expect(ID).toMatch(/^<r\.0192a000-0000-7000-8000-0000000000aa\.3\.[0-9a-f]{64}@mail\.example\.com>$/);
    expect(mintMessageId({ ...MESSAGE, domain: 'mail.example.com', secret: SECRET })).toBe(ID);
  });

  it.each([ID, ID.toUpperCase(), ID.slice(1, -1), ` ${ID} `, ID.replace('mail.example.com', 'new.example.com')])(
    'is read back from %s',
    (id) => {
      expect(readMessageId(id, SECRET)).toEqual(MESSAGE);
    },
  );

  it('is read with an older secret after a rotation', () => {
    expect(readMessageId(ID, ['a new secret, long enough', SECRET])).toEqual(MESSAGE);
    expect(readMessageId(ID, 'a new secret, long enough')).toBeNull();
  });

  it('is forged once any character of its token changes', () => {
    const end = ID.indexOf('@');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: end - 1 }), fc.constantFrom(...'0123456789abcdef.-'), (at, letter) => {
        fc.pre(ID[at] !== letter);
        expect(readMessageId(ID.slice(0, at) + letter + ID.slice(at + 1), SECRET)).toBeNull();
      }),
    );
  });

  it.each(['', '<x@y>', `<${'r.'.repeat(5_000)}@x>`, ID.replace('>', ' >x')])('is not seen in %j', (id) => {
    expect(readMessageId(id, SECRET)).toBeNull();
  });

  it('is not made of anything but UUIDs, a revision, an ASCII domain and a real secret', () => {
    const mint = (change: object) => () =>
      mintMessageId({ ...MESSAGE, domain: 'example.com', secret: SECRET, ...change });
    for (const change of [
      { responseId: 'x@y>\r\n' },
      { tenantId: '1' },
      { revision: -1 },
      { revision: 1.5 },
      { domain: 'a\r\nb' },
      { secret: 'short' },
      { secret: [] },
    ]) {
      expect(mint(change)).toThrow();
    }
  });
});
