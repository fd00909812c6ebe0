import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentDisposition, toDownload } from './download.js';

describe('A download', () => {
  it.each([
    ['offer.pdf', `attachment; filename="offer.pdf"; filename*=UTF-8''offer.pdf`],
    ['Ärger "5%".txt', `attachment; filename="_rger _5__.txt"; filename*=UTF-8''%C3%84rger%20%225%25%22.txt`],
    ["a'b(c)*.txt", `attachment; filename="a'b(c)*.txt"; filename*=UTF-8''a%27b%28c%29%2A.txt`],
    ['a\r\nSet-Cookie: x', `attachment; filename="a__Set-Cookie: x"; filename*=UTF-8''a__Set-Cookie%3A%20x`],
    ['../../etc/passwd', `attachment; filename=".._.._etc_passwd"; filename*=UTF-8''.._.._etc_passwd`],
    ['half \ud83d', `attachment; filename="half _"; filename*=UTF-8''half%20_`],
    ['', `attachment; filename="file"; filename*=UTF-8''file`],
  ])('is named %j as %s', (name, header) => {
    expect(contentDisposition(name)).toBe(header);
  });

  it('has one header line of ASCII and one pair of quotes, whatever its name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(contentDisposition(name)).toMatch(
          /^attachment; filename="[^"\x00-\x1f\x7f-\uffff]+"; filename\*=UTF-8''[\w%.!~-]+$/,
        );
      }),
    );
  });

  it.each([
    ['text/html', 'application/octet-stream'],
    ['image/svg+xml', 'application/octet-stream'],
    ['application/pdf', 'application/pdf'],
  ])('of %s leaves as %s', (mimeType, type) => {
    expect(toDownload(Readable.from([]), { filename: 'x', mimeType, size: 0 }).getHeaders().type).toBe(type);
  });
});
