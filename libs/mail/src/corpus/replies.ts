import { aMail, type CorpusMail, utf8 } from './build.js';

const UTF8 = 'Content-Type: text/plain; charset=utf-8';
const reply = (name: string, replyText: string, ...lines: readonly string[]): CorpusMail => ({
  name,
  raw: aMail([UTF8], utf8(lines.join('\r\n'))),
  expected: { replyText },
});

export const REPLIES: readonly CorpusMail[] = [
  reply(
    'an answer from Gmail',
    'Yes.',
    'Yes.',
    '',
    'On Mon, Nov 2, 2026 at 10:00 AM Support <s@example.com>',
    'wrote:',
    '',
    '> Will you come?',
  ),
  reply(
    'an answer from German Outlook',
    'Ja, gerne.',
    'Ja, gerne.',
    '',
    '________________________________',
    'Von: Support <s@example.com>',
    'Gesendet: Montag, 2. November 2026 10:00',
    'An: Ann',
    'Betreff: Termin',
    '',
    'Kommen Sie?',
  ),
  reply(
    'an answer from Turkish Gmail',
    'Evet.',
    'Evet.',
    '',
    'Destek <s@example.com>, 2 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:',
    '> Geliyor musunuz?',
  ),
  reply('nothing but a quotation', '> all quoted', '> all quoted'),
];
