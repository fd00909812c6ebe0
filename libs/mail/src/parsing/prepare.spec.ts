import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aMail, aMultipart, bytes } from '../corpus/build.js';
import { MAIL_LIMITS } from './limits.js';
import { prepareMail } from './prepare.js';
import { parseMail } from './parse-mail.js';

const prepare = (raw: Buffer) => prepareMail(raw, MAIL_LIMITS);

describe('Preparing a mail', () => {
  it('leaves a plain mail as it is', () => {
    const raw = aMultipart('mixed', ['Content-Type: text/plain', '', 'a', '--no', 'b'], ['', 'c']);
    expect(prepare(raw)).toMatchObject({ bytes: raw, repairs: [] });
  });

  it('knows where the body starts', () => {
    const { bytes: prepared, bodyAt } = prepare(bytes(['Subject: J\xfcrgen', 'X: y', '', 'the body']));
    expect(prepared.toString('utf8')).toBe('Subject: J\u00fcrgen\r\nX: y\r\n\r\nthe body');
    expect(prepared.toString('utf8', bodyAt)).toBe('the body');
  });

  it('joins base64 lines and no others', () => {
    const raw = aMail(['Content-Transfer-Encoding: base64'], 'aGVs', 'bG8=');
    expect(prepare(raw).bytes.toString()).toMatch(/\r\n\r\naGVsbG8=$/);
    const plain = aMail(['Content-Transfer-Encoding: 8bit', 'Content-Transfer-Encoding: base64'], 'aGVs', 'bG8=');
    expect(prepare(plain).bytes.equals(plain)).toBe(true);
  });

  it('delivers attached bytes exactly, however their base64 is wrapped', async () => {
    const content = fc.uint8Array({ minLength: 1, maxLength: 3_000 });
    await fc.assert(
      fc.asyncProperty(
        content,
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom('\r\n', '\n'),
        async (data, width, eol) => {
          const lines =
            Buffer.from(data)
              .toString('base64')
              .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
          const part = ['Content-Type: application/zip; name=a.zip', 'Content-Transfer-Encoding: base64', ''];
          const raw = bytes(
            [
              'From: a@b.c',
              'Content-Type: multipart/mixed; boundary=x',
              '',
              '--x',
              ...part,
              ...lines,
              '--x',
              '',
              'after',
              '--x--',
            ],
            eol,
          );
          const mail = await parseMail(raw);
          expect(mail.attachments[0]?.content.equals(Buffer.from(data))).toBe(true);
          expect(mail.text).toBe('after');
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['too_large', { maxBytes: 50 }],
    ['too_many_lines', { maxLines: 5 }],
    ['too_many_headers', { maxHeaders: 3 }],
    ['headers_too_large', { maxHeaderBytes: 60 }],
    ['headers_too_large', { maxFieldBytes: 20 }],
    ['too_many_parts', { maxParts: 1 }],
  ])('refuses %s under the limits %j', (reason, limits) => {
    const raw = aMultipart('mixed', ['', 'a'], ['', 'b']);
    expect(() => prepareMail(raw, { ...MAIL_LIMITS, ...limits })).toThrow(expect.objectContaining({ reason }));
  });
});
