import { describe, expect, it } from 'vitest';
import { MAIL_LIMITS, MailRefused, parseMail } from '../parsing/index.js';
import { bytes, nested, withParts } from './build.js';

/** Processor time, in microseconds: what others do on the machine does not count. */
const TIME_LIMIT = 2_000_000;
const FROM = 'From: ann@example.org';
const fill = (unit: string, size: number): string => unit.repeat(Math.floor(size / unit.length));
const field = (name: string, unit: string): string => `${name}: ${fill(unit, MAIL_LIMITS.maxFieldBytes - 50)}`;
const html = (unit: string): Buffer =>
  bytes([FROM, 'Content-Type: text/html', '', fill(unit, MAIL_LIMITS.maxBodyCharacters)]);
const text = (unit: string): Buffer => bytes([FROM, '', fill(unit, MAIL_LIMITS.maxBodyCharacters)]);

/** Close below the limits, where a mail is read and not refused, and far above them. */
const COSTLY: readonly (readonly [string, () => Buffer])[] = [
  [
    'an attachment of 25 MiB',
    () =>
      bytes([
        FROM,
        'Content-Type: application/pdf',
        'Content-Transfer-Encoding: base64',
        '',
        fill(`${'A'.repeat(76)}\r\n`, MAIL_LIMITS.maxBytes - 1_000),
      ]),
  ],
  [
    'base64 padded at every letter',
    () => bytes([FROM, 'Content-Transfer-Encoding: base64', '', fill('A=', MAIL_LIMITS.maxBytes - 1_000)]),
  ],
  [
    'quoted-printable of 25 MiB',
    () =>
      bytes([
        FROM,
        'Content-Transfer-Encoding: quoted-printable',
        '',
        fill(`${'=C3'.repeat(800)}=\n`, MAIL_LIMITS.maxBytes - 1_000),
      ]),
  ],
  ['one line of 25 MiB', () => bytes([FROM, '', fill('a b ', MAIL_LIMITS.maxBytes - 1_000)])],
  ['26 million empty lines', () => bytes([FROM, '', fill('\n', MAIL_LIMITS.maxBytes - 1_000)])],
  ['as many lines as may be', () => bytes([FROM, '', fill('a\n', 2 * (MAIL_LIMITS.maxLines - 10))])],
  [
    'as many flowed lines as may be',
    () => bytes([FROM, 'Content-Type: text/plain; format=flowed', '', fill('a \n', 3 * (MAIL_LIMITS.maxLines - 10))]),
  ],
  [
    'as many false delimiters as may be',
    () =>
      bytes([
        FROM,
        'Content-Type: multipart/mixed; boundary=x',
        '',
        '--x',
        '',
        fill('--xy\n', 5 * (MAIL_LIMITS.maxLines - 10)),
      ]),
  ],
  ['as many parts as may be', () => withParts(MAIL_LIMITS.maxParts)],
  ['10,000 parts', () => withParts(10_000)],
  ['parts nested 5,000 deep', () => nested(5_000)],
  [
    'encoded words in three long headers',
    () => bytes([FROM, ...['Subject', 'To', 'Cc'].map((name) => field(name, '=?utf-8?b?YWFh?= ')), '', 'x']),
  ],
  [
    'groups in three long headers',
    () => bytes([FROM, ...['To', 'Cc', 'Reply-To'].map((name) => field(name, 'a:')), '', 'x']),
  ],
  [
    'addresses in three long headers',
    () => bytes([FROM, ...['To', 'Cc', 'Reply-To'].map((name, at) => field(name, `${at}@b.c,`)), '', 'x']),
  ],
  [
    'unclosed brackets in References',
    () => bytes([FROM, field('References', '<'), field('In-Reply-To', '<a '), '', 'x']),
  ],
  [
    'a parameter header without end',
    () => bytes([FROM, field('Content-Type: multipart/mixed; boundary', '"\\('), '', 'x']),
  ],
  ['open tags without end', () => html('<div>')],
  ['open tags with false closing tags', () => html('<b></i>')],
  ['unclosed paragraphs', () => html('<p>')],
  ['unclosed comments', () => html('<!--')],
  ['angle brackets', () => html('<')],
  ['closed paragraphs', () => html('<p>a</p>')],
  ['as many closed paragraphs as are read', () => html('<p>some thirty-odd letters, hardly more</p>')],
  ['styles', () => html('<i style="color:red;color:blue">a</i>')],
  ['as many styles as are read', () => html('<i style="color:red;color:blue">letters</i>')],
  ['entities', () => html('&amp;&#0;')],
  [
    'one endless style',
    () => bytes([FROM, 'Content-Type: text/html', '', `<p style="${fill('color:red;', 900_000)}">x`]),
  ],
  ['attributions without quotations', () => text('On 1 Nov 2026 Ann wrote:\n')],
  ['attributions that never end', () => text(`On a ${'schrieb tarihinde yazdı '.repeat(15)}:\n`)],
  ['half attributions', () => text('On a\n')],
  ['header blocks without end', () => text('From: a\n')],
  ['quotation marks', () => text('>\n')],
  ['signature marks', () => text('-- \n')],
];

describe('The cost of a mail', () => {
  it.each(COSTLY)(
    'stays bounded for %s',
    async (_name, raw) => {
      const mail = raw();
      const started = process.cpuUsage();
      const read = await parseMail(mail).catch((error: unknown) => error);
      expect(process.cpuUsage(started).user).toBeLessThan(TIME_LIMIT);
      if (read instanceof Error) expect(read).toBeInstanceOf(MailRefused);
    },
    30_000,
  );

  it('lets an attachment near the limit through whole', async () => {
    const content = Buffer.from(Array.from({ length: 1_000_003 }, (_, at) => (at * 31) % 256));
    const lines = content.toString('base64').match(/.{1,76}/g) ?? [];
    const mail = await parseMail(
      bytes([FROM, 'Content-Type: application/zip; name=a.zip', 'Content-Transfer-Encoding: base64', '', ...lines]),
    );
    expect(mail.attachments[0]?.content.equals(content)).toBe(true);
  });

  it('cuts a body over the limit and says so', async () => {
    const mail = await parseMail(bytes([FROM, '', 'a'.repeat(50)]), { maxBodyCharacters: 20 });
    expect([mail.text, mail.defects.includes('body_cut')]).toEqual(['a'.repeat(20), true]);
  });
});
