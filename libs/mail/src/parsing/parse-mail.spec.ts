import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aMail, aMultipart, bytes, nested } from '../corpus/build.js';
import { parseMail } from './parse-mail.js';

const HEAD = ['From: Ann <ann@example.org>', 'Date: Mon, 2 Nov 2026 10:00:00 +0100', 'Subject: Offer'];

describe('A parsed mail', () => {
  it('has a stable identity of its own without a Message-ID', async () => {
    const raw = bytes([...HEAD, '', 'x']);
    const hash = createHash('sha256').update(raw).digest('hex');
    expect(await parseMail(raw)).toMatchObject({
      messageId: null,
      rawHash: hash,
      effectiveMessageId: `<${hash}@missing.invalid>`,
    });
  });

  it('is recognised in a second mailbox, where its trace headers differ', async () => {
    const [one, two] = await Promise.all(
      ['sales@example.com', 'support@example.com'].map((to) =>
        parseMail(aMail([`Delivered-To: ${to}`, `Received: for ${to}`], 'x')),
      ),
    );
    expect(two?.rawHash).not.toBe(one?.rawHash);
    expect(two?.contentHash).toBe(one?.contentHash);
  });

  it('differs from another mail that uses its Message-ID', async () => {
    const [one, two] = await Promise.all([parseMail(aMail([], 'x')), parseMail(aMail([], 'y'))]);
    expect(two?.messageId).toBe(one?.messageId);
    expect(two?.contentHash).not.toBe(one?.contentHash);
  });

  it('knows where it was delivered', async () => {
    const mail = await parseMail(
      aMail(
        [
          'Delivered-To: a@example.com',
          'X-Original-To: <B@example.com>',
          'Envelope-To: a@example.com',
          'Delivered-To: c@example.com',
        ],
        'x',
      ),
    );
    expect(mail.deliveredTo).toEqual(['a@example.com', 'c@example.com', 'b@example.com']);
  });

  it('keeps the verdicts of the receiving servers, not what a comment claims', async () => {
    const mail = await parseMail(
      aMail(
        [
          'Authentication-Results: mx.example.com; spf=fail (sender said (;dmarc=pass) ;dkim=pass) smtp.mailfrom=x;',
          ' dkim=neutral; dkim=pass header.d=example.org; dmarc=none',
          'Authentication-Results: forged.example; dmarc=bogus',
        ],
        'x',
      ),
    );
    expect(mail.headers.authenticationResults).toEqual([
      { server: 'mx.example.com', spf: 'fail', dkim: 'pass', dmarc: 'none' },
      { server: 'forged.example', spf: null, dkim: null, dmarc: null },
    ]);
  });

  it('tells the languages its sender named', async () => {
    const mail = await parseMail(
      aMail(
        ['Content-Language: tr-TR', 'Accept-Language: tr, en;q=0.5, <x>', 'Content-Type: text/html'],
        '<html lang="de"><p>x',
      ),
    );
    expect(mail.languages).toEqual(['tr-tr', 'tr', 'en', 'de']);
  });

  it('hashes its attachments and marks the inline ones', async () => {
    const picture = [
      'Content-Type: image/png; name=a.png',
      'Content-Disposition: inline',
      'Content-ID: <a@x>',
      'Content-Transfer-Encoding: base64',
      '',
      'aGVsbG8=',
    ];
    const mail = await parseMail(aMultipart('mixed', ['Content-Type: text/html', '', '<img src="cid:a@x">'], picture));
    expect(mail.attachments).toEqual([
      expect.objectContaining({
        contentId: 'a@x',
        inline: true,
        sha256: createHash('sha256').update('hello').digest('hex'),
      }),
    ]);
  });

  it('keeps the first and the last references of an endless thread', async () => {
    const ids = Array.from({ length: 1_000 }, (_, at) => `<${at}@x>`);
    const { references } = await parseMail(aMail([`References: ${ids.join(' ')}`], 'x'));
    expect([references.length, references[0], references.at(-1)]).toEqual([100, '<0@x>', '<999@x>']);
  });

  it.each([
    [{ maxDepth: 3 }, 'too_deep'],
    [{ maxBytes: 10 }, 'too_large'],
  ])('is refused under the limits %j', async (limits, reason) => {
    await expect(parseMail(nested(4), limits)).rejects.toMatchObject({
      name: 'MailRefused',
      kind: 'invalid',
      code: `mail_${reason}`,
      reason,
    });
  });
});
