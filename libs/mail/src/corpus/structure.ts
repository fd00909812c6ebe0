import { aMail, aMultipart, bytes, type CorpusMail, utf8 } from './build.js';

const TEXT = ['Content-Type: text/plain; charset=utf-8', '', 'Hello'];
const HTML = ['Content-Type: text/html; charset=utf-8', '', '<p>Hello</p>'];
const FROM = 'From: ann@example.org';

const BODIES: readonly CorpusMail[] = [
  {
    name: 'text and HTML alternatives',
    raw: aMultipart('alternative', TEXT, HTML),
    expected: { text: 'Hello', html: '<p>Hello</p>' },
  },
  {
    name: 'HTML alone, its text derived',
    raw: aMail(['Content-Type: text/html'], '<h1>Hi</h1><blockquote>old</blockquote>'),
    expected: { text: 'Hi\n\n> old' },
  },
  {
    name: 'a blank text alternative beside HTML',
    raw: aMultipart('alternative', ['', ' '], HTML),
    expected: { text: 'Hello' },
  },
  { name: 'no body', raw: aMail([]), expected: { text: '', replyText: '', defects: ['empty_body'] } },
  {
    name: 'headers without a blank line',
    raw: bytes([FROM, 'Subject: cut']),
    expected: { subject: 'cut', defects: ['no_message_id', 'no_date', 'empty_body'] },
  },
  {
    name: 'LF line ends',
    raw: bytes([FROM, 'Subject: lf', '', 'a', 'b'], '\n'),
    expected: { subject: 'lf', text: 'a\nb' },
  },
  {
    name: 'CR line ends',
    raw: bytes([FROM, 'Subject: cr', '', 'a', 'b'], '\r'),
    expected: { subject: 'cr', text: 'a\nb', defects: ['bare_cr', 'no_message_id', 'no_date'] },
  },
  {
    name: 'blank lines and a byte order mark in front',
    raw: bytes([utf8('\ufeff'), '', FROM, '', 'a']),
    expected: { from: 'ann@example.org', text: 'a', defects: ['leading_junk', 'no_message_id', 'no_date'] },
  },
  {
    name: 'an mbox separator line in front',
    raw: bytes(['From ann Mon Nov  2 10:00:00 2026', FROM, '', 'a']),
    expected: { from: 'ann@example.org', text: 'a' },
  },
];

const PARTS: readonly CorpusMail[] = [
  {
    name: 'a multipart without a boundary',
    raw: aMail(['Content-Type: multipart/mixed'], 'the words'),
    expected: { text: 'the words', defects: ['unassigned_body'] },
  },
  {
    name: 'a boundary that never comes',
    raw: aMail(['Content-Type: multipart/mixed; boundary=abc'], 'the words', '--other', 'more'),
    expected: { text: 'the words\n--other\nmore', defects: ['unassigned_body'] },
  },
  {
    name: 'a multipart that never closes',
    raw: aMail(['Content-Type: multipart/mixed; boundary=abc'], '--abc', ...TEXT),
    expected: { text: 'Hello' },
  },
  {
    name: 'two boundary parameters, the first counts',
    raw: aMail(['Content-Type: multipart/mixed; boundary=abc; boundary=def'], '--abc', ...TEXT, '--abc--'),
    expected: { text: 'Hello' },
  },
  {
    name: 'two Content-Type headers, the first counts',
    raw: aMail(['Content-Type: text/plain; charset=utf-8', 'Content-Type: text/html'], '<b>x</b>'),
    expected: { text: '<b>x</b>', html: null },
  },
  {
    name: 'base64 lines cut at odd places, delimiters between',
    raw: aMultipart(
      'mixed',
      [
        'Content-Type: application/pdf; name=a.pdf',
        'Content-Transfer-Encoding: base64',
        '',
        'aGVsb',
        'G8gd29',
        '',
        'ybGQ=',
      ],
      TEXT,
    ),
    expected: { text: 'Hello', attachments: ['a.pdf application/pdf file 11'] },
  },
  {
    name: 'base64 that is not base64',
    raw: aMail(['Content-Type: text/plain', 'Content-Transfer-Encoding: base64'], '!!!!'),
    expected: { text: '!!!!', defects: ['unassigned_body'] },
  },
  {
    name: 'quoted-printable with broken escapes',
    raw: aMail(
      ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable'],
      'a=ZZ b=C3=BC=',
      'c=',
    ),
    expected: { text: 'a=ZZ büc' },
  },
  {
    name: 'an unknown transfer encoding',
    raw: aMail(['Content-Transfer-Encoding: x-uue'], 'as it is'),
    expected: { text: 'as it is' },
  },
];

const ATTACHED: readonly CorpusMail[] = [
  {
    name: 'an inline picture of an HTML mail',
    raw: aMultipart(
      'related',
      ['Content-Type: text/html', '', '<img src="cid:logo@x">'],
      [
        'Content-Type: image/png; name=logo.png',
        'Content-ID: <logo@x>',
        'Content-Transfer-Encoding: base64',
        '',
        'iVBORw0KGgo=',
      ],
    ),
    expected: { html: '<img src="cid:logo@x" />', attachments: ['logo.png image/png file 8'] },
  },
  {
    name: 'winmail.dat',
    raw: aMultipart('mixed', TEXT, ['Content-Type: application/ms-tnef; name=winmail.dat', '', '\x78\x9f\x3e\x22']),
    expected: { attachments: ['winmail.dat application/ms-tnef tnef 5'] },
  },
  {
    name: 'a forwarded mail as an attachment, its words not taken for the sender’s',
    raw: aMultipart('mixed', TEXT, [
      'Content-Type: message/rfc822',
      'Content-Disposition: inline',
      '',
      'From: eve@example.com',
      'Subject: inner',
      '',
      'inner words',
    ]),
    expected: { text: 'Hello', subject: '', attachments: ['attachment-1.eml message/rfc822 message 50'] },
  },
  {
    name: 'an invitation beside the text',
    raw: aMultipart('alternative', TEXT, [
      'Content-Type: text/calendar; method=REQUEST; charset=utf-8',
      '',
      'BEGIN:VCALENDAR',
      'END:VCALENDAR',
    ]),
    expected: { text: 'Hello', attachments: ['attachment-1.ics text/calendar calendar 30'] },
  },
  {
    name: 'a file name split over RFC 2231 sections',
    raw: aMultipart('mixed', TEXT, [
      'Content-Type: application/pdf',
      "Content-Disposition: attachment; filename*0*=utf-8''%C5%9Ei%C5%9F;",
      ' filename*1=li.pdf',
      '',
      'pdf',
    ]),
    expected: { attachments: ['Şişli.pdf application/pdf file 4'] },
  },
  {
    name: 'an attachment that is the whole mail',
    raw: aMail(['Content-Type: application/pdf; name=a.pdf'], '%PDF'),
    expected: { text: '', attachments: ['a.pdf application/pdf file 5'] },
  },
  {
    name: 'a text file sent as an attachment',
    raw: aMultipart('mixed', TEXT, [
      'Content-Type: text/plain',
      'Content-Disposition: attachment; filename=notes.txt',
      '',
      'notes',
    ]),
    expected: { text: 'Hello', attachments: ['notes.txt text/plain file 6'] },
  },
];

export const STRUCTURE: readonly CorpusMail[] = [...BODIES, ...PARTS, ...ATTACHED];
