import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripReply } from './reply.js';

const mail = (...lines: string[]): string => lines.join('\n');
const stripped = (...lines: string[]): string => stripReply(mail(...lines)).reply;

const ATTRIBUTIONS = [
  'On Mon, Nov 2, 2026 at 10:00 AM, Support <s@example.com> wrote:',
  'Am 02.11.2026 um 10:00 schrieb Support <s@example.com>:',
  'Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Support <',
  'Le lun. 2 nov. 2026 à 10:00, Support <s@example.com> a écrit :',
  'El lun, 2 nov 2026 a las 10:00, Soporte (<s@example.com>) escribió:',
  'Il giorno lun 2 nov 2026 alle ore 10:00 Supporto <s@example.com> ha scritto:',
  'Em seg., 2 de nov. de 2026 às 10:00, Suporte <s@example.com> escreveu:',
  'Op ma 2 nov 2026 om 10:00 schreef Support <s@example.com>:',
  'Den mån 2 nov. 2026 kl 10:00 skrev Support <s@example.com>:',
  'Destek <s@example.com>, 2 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:',
  'W dniu 2.11.2026 o 10:00, Support napisał(a):',
  'пн, 2 нояб. 2026 г. в 10:00, Support <s@example.com> пишет:',
];
const SEPARATORS = [
  '-----Original Message-----',
  '-----Ursprüngliche Nachricht-----',
  "-----Message d'origine-----",
  '-----Mensaje original-----',
  '-----Özgün İleti-----',
  '-----Orijinal Mesaj-----',
  '-------- Исходное сообщение --------',
];
const BLOCKS = [
  ['From: Support <s@example.com>', 'Sent: Monday, November 2, 2026 10:00', 'To: Ann', 'Subject: Visit'],
  ['Von: Support', 'Gesendet: Montag, 2. November 2026 10:00', 'An: Ann', 'Betreff: Besuch'],
  ['De : Support', 'Envoyé : lundi 2 novembre 2026 10:00', 'À : Ann', 'Objet : Visite'],
  ['De: Soporte', 'Enviado: lunes, 2 de noviembre de 2026 10:00', 'Para: Ann', 'Asunto: Visita'],
  ['Kimden: Destek', 'Gönderildi: 2 Kasım 2026 Pazartesi 10:00', 'Kime: Ann', 'Konu: Ziyaret'],
  ['*From:* Support', '*Date:* Monday 2 November 2026', '*To:* Ann', '*Subject:* Visit'],
];

describe('Stripping a reply', () => {
  it.each(ATTRIBUTIONS.filter((line) => line.endsWith(':')))('cuts below "%s"', (attribution) => {
    const split = stripReply(mail('Yes.', '', attribution, '', '> Will you come?', '> Really?'));
    expect(split).toEqual({
      reply: 'Yes.',
      quoted: mail(attribution, '', '> Will you come?', '> Really?'),
      signature: '',
    });
  });

  it('knows an attribution wrapped over two lines', () => {
    expect(stripped('Ja.', '', ATTRIBUTIONS[2] ?? '', 's@example.com>:', '> Kommen Sie?')).toBe('Ja.');
  });

  it('cuts a dated attribution whose quotation bears no marks', () => {
    expect(stripped('Yes.', '', ATTRIBUTIONS[0] ?? '', '', 'Will you come?')).toBe('Yes.');
  });

  it('keeps a sentence that only sounds like an attribution', () => {
    const text = mail('Hello,', 'On the phone my colleague wrote:', 'please call back.');
    expect(stripReply(text)).toEqual({ reply: text, quoted: '', signature: '' });
  });

  it.each(SEPARATORS)('cuts at "%s"', (separator) => {
    expect(stripped('Yes.', '', separator, 'anything', 'at all')).toBe('Yes.');
  });

  it.each(BLOCKS.map((block) => [block[0], block] as const))(
    'cuts at the header block that begins with "%s"',
    (_first, block) => {
      expect(stripped('Yes.', '', '________________________________', ...block, '', 'Will you come?')).toBe('Yes.');
    },
  );

  it('keeps a line that begins with From: and is no header block', () => {
    const text = mail('Route:', 'From: Berlin', 'To: Rome');
    expect(stripped(text)).toBe(text);
  });

  it('keeps the questions that answers between the lines refer to', () => {
    const text = mail('On 2 Nov 2026 Support wrote:', '> Colour?', 'Red.', '> Size?', 'Large.');
    expect(stripReply(mail(text, '> Regards,', '> Support'))).toEqual({
      reply: text,
      quoted: mail('> Regards,', '> Support'),
      signature: '',
    });
  });

  it('takes what stands below the quotation when nothing stands above', () => {
    expect(stripped('On 2 Nov 2026 Support wrote:', '> Colour?', '', 'Red.')).toBe('Red.');
  });

  it('keeps a forwarded mail', () => {
    const text = mail(
      'See below.',
      '---------- Forwarded message ---------',
      'From: Bob <b@example.org>',
      'Date: 2 Nov 2026',
      'To: Ann',
      '',
      'Hello',
    );
    expect(stripped(text)).toBe(text);
  });

  it('sets the signature aside', () => {
    expect(stripReply(mail('Yes.', '', '-- ', 'Ann', 'Example Ltd'))).toEqual({
      reply: 'Yes.',
      quoted: '',
      signature: mail('--', 'Ann', 'Example Ltd'),
    });
  });

  it.each(['Sent from my iPhone', 'Von meinem iPhone gesendet', 'Envoyé de mon iPhone', "iPhone'umdan gönderildi"])(
    'sets "%s" aside',
    (line) => {
      expect(stripped('Yes.', '', line)).toBe('Yes.');
    },
  );

  it('does not take two dashes far above the end for a signature', () => {
    const text = mail('Above', '--', ...Array.from({ length: 30 }, (_, at) => `line ${at}`));
    expect(stripped(text)).toBe(text);
  });

  it.each(['> quoted only', '-- \nAnn', '-----Original Message-----\nold', 'On 2 Nov 2026 Ann wrote:\n> old'])(
    'is never empty: %j',
    (text) => {
      expect(stripReply(text)).toEqual({ reply: text.trim(), quoted: '', signature: '' });
    },
  );

  it('loses no word, whatever the lines', () => {
    const line = fc.constantFrom(
      '',
      'words',
      '> quoted',
      '>> twice',
      '-- ',
      '-----Original Message-----',
      'Sent from my phone',
      'From: a',
      'Sent: b',
      'To: c',
      ...ATTRIBUTIONS,
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
        const text = lines.join('\n');
        const { reply, quoted, signature } = stripReply(text);
        const words = (value: string) => value.split(/\s+/).filter(Boolean).sort();
        expect(words([reply, quoted, signature].join('\n'))).toEqual(words(text));
        expect(reply === '').toBe(text.trim() === '');
      }),
      { numRuns: 2_000 },
    );
  });
});
