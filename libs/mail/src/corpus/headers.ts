import { aMail, bytes, type CorpusMail, utf8 } from './build.js';

const FROM = 'From: ann@example.org';

const withSubject = (name: string, subject: string, expected: string): CorpusMail => ({
  name,
  raw: aMail([`Subject: ${subject}`], 'x'),
  expected: { subject: expected },
});

const withFrom = (name: string, from: string, expected: CorpusMail['expected']): CorpusMail => ({
  name,
  raw: bytes([`From: ${from}`, '', 'x']),
  expected,
});

const withDate = (date: string, expected: string | null): CorpusMail => ({
  name: `the date "${date}"`,
  raw: bytes([FROM, `Date: ${date}`, '', 'x']),
  expected: { date: expected },
});

const SUBJECTS: readonly CorpusMail[] = [
  withSubject('an encoded word without its end', '=?utf-8?q?Gr=C3=BC', '=?utf-8?q?Gr=C3=BC'),
  withSubject('an encoded word of an unknown encoding', '=?utf-8?x?abc?=', '=?utf-8?x?abc?='),
  withSubject('an encoded word of broken base64', '=?utf-8?b?R3LD?=', 'Gr\ufffd'),
  withSubject('a character split over two encoded words', '=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=', 'Grüße'),
  withSubject('an encoded word with raw spaces', '=?iso-8859-1?q?Gr=FC=DFe aus?=', 'Grüße aus'),
  withSubject('an encoded word in an unknown charset', '=?x-nonsense?q?caf=E9?=', 'café'),
  withSubject(
    'a line end hidden in an encoded word',
    '=?utf-8?q?a=0D=0ABcc:_evil@example.com?=',
    'a Bcc: evil@example.com',
  ),
  withSubject('bidi characters in a subject, which prose may hold', '=?utf-8?b?4oCuYWJj?=', '\u202eabc'),
];

const SENDERS: readonly CorpusMail[] = [
  withFrom('no name, upper case', 'ANN@Example.ORG', { from: 'ann@example.org', fromName: '' }),
  withFrom('an encoded name', '=?iso-8859-9?q?=DEule?= <sule@example.org>', {
    from: 'sule@example.org',
    fromName: 'Şule',
  }),
  withFrom('an address of another person in the name', '"ceo@example.com" <mallory@evil.example>', {
    from: 'mallory@evil.example',
    fromName: 'ceo@example.com',
  }),
  withFrom(
    'an encoded word that decodes to an address',
    '=?utf-8?q?=22ceo=40example.com=22=2C?= <mallory@evil.example>',
    { from: 'mallory@evil.example' },
  ),
  withFrom('an international domain', 'ann@b\xfccher.example', { from: 'ann@xn--bcher-kva.example' }),
  withFrom('a group', 'Team: ann@example.org, bob@example.org;', { from: 'ann@example.org' }),
  withFrom('several addresses', 'ann@example.org, bob@example.org', { from: 'ann@example.org' }),
  withFrom('a dotted local part of a Japanese carrier', 'a..b.@docomo.example', { from: 'a..b.@docomo.example' }),
  withFrom('nothing but a name', 'Ann', { refused: 'no_sender' }),
  withFrom('an empty value', '', { refused: 'no_sender' }),
  withFrom('a space in the address', '<ann smith@example.org>', { refused: 'no_sender' }),
  withFrom('a hidden character in the address', utf8('<an\u200bn@example.org>').toString('latin1'), {
    refused: 'no_sender',
  }),
  withFrom('a local part of 65 octets', `${'a'.repeat(65)}@example.org`, { refused: 'no_sender' }),
  {
    name: 'Sender where From is unusable',
    raw: bytes(['From: undisclosed', 'Sender: bob@example.org', '', 'x']),
    expected: { from: 'bob@example.org' },
  },
  { name: 'no header at all', raw: bytes(['', 'just text']), expected: { refused: 'no_sender' } },
  {
    name: 'two From headers, the first counts',
    raw: bytes([FROM, 'From: eve@example.com', '', 'x']),
    expected: { from: 'ann@example.org' },
  },
  {
    name: 'a From behind a no-break space, which is no header',
    raw: bytes([utf8('\u00a0From: eve@example.com'), FROM, '', 'x']),
    expected: { from: 'ann@example.org' },
  },
  {
    name: 'a folded address list with broken entries',
    raw: aMail(['To: Bob <bob@example.org>,', ' broken@, <>, "x, y" <c@example.org>,', '\tbob@EXAMPLE.org'], 'x'),
    expected: { to: ['bob@example.org', 'c@example.org'] },
  },
];

const IDS: readonly CorpusMail[] = [
  {
    name: 'no Message-ID and no date',
    raw: bytes([FROM, '', 'x']),
    expected: { messageId: null, date: null, defects: ['no_message_id', 'no_date'] },
  },
  {
    name: 'two Message-IDs, the first counts',
    raw: bytes([FROM, 'Message-ID: <a@x>', 'Message-ID: <b@x>', '', 'x']),
    expected: { messageId: '<a@x>' },
  },
  {
    name: 'a Message-ID without brackets',
    raw: bytes([FROM, 'Message-ID: abc@example.org', '', 'x']),
    expected: { messageId: '<abc@example.org>' },
  },
  { name: 'a Message-ID of spaces', raw: bytes([FROM, 'Message-ID: <   >', '', 'x']), expected: { messageId: null } },
  {
    name: 'a Message-ID folded inside',
    raw: bytes([FROM, 'Message-ID: <abc.', ' def@example.org>', '', 'x']),
    expected: { messageId: '<abc.def@example.org>' },
  },
  {
    name: 'an endless Message-ID',
    raw: bytes([FROM, `Message-ID: <${'a'.repeat(2_000)}@x>`, '', 'x']),
    expected: { messageId: null },
  },
  {
    name: 'In-Reply-To with a phrase, References with repetitions and junk between',
    raw: aMail(['In-Reply-To: Your message of "Monday" <p@x>', 'References: <a@x>junk<b@x>,', ' <a@x> <c@x'], 'x'),
    expected: { inReplyTo: ['<p@x>'], references: ['<a@x>', '<b@x>'] },
  },
];

const DATES: readonly CorpusMail[] = [
  withDate('Mon, 2 Nov 2026 10:00:00 +0100 (CET)', '2026-11-02T09:00:00.000Z'),
  withDate('2 Nov 26 10:00 EST', '2026-11-02T15:00:00.000Z'),
  withDate('Mon, 02 Nov 2026 10:00:00', '2026-11-02T10:00:00.000Z'),
  withDate('2026-11-02T10:00:00Z', '2026-11-02T10:00:00.000Z'),
  withDate('Mon, 2 Foo 2026 10:00:00 +0000', null),
  withDate('Mon, 2 Nov 99999 10:00:00 +0000', null),
  withDate('lunch 7', null),
];

export const HEADERS: readonly CorpusMail[] = [...SUBJECTS, ...SENDERS, ...IDS, ...DATES];
