import { aMail, aMultipart, bytes, type CorpusMail, nested, utf8, withParts } from './build.js';

const FROM = 'From: ann@example.org';
const TEXT = ['Content-Type: text/plain', '', 'Hello'];
const file = (filename: string): readonly (string | Buffer)[] => [
  'Content-Type: application/octet-stream',
  utf8(`Content-Disposition: attachment; filename="${filename}"`),
  '',
  'x',
];
const named = (name: string, filename: string, expected: string): CorpusMail => ({
  name,
  raw: aMultipart('mixed', TEXT, file(filename)),
  expected: { attachments: [`${expected} application/octet-stream file 2`] },
});
const html = (name: string, source: string, expected: string): CorpusMail => ({
  name,
  raw: aMail(['Content-Type: text/html; charset=utf-8'], utf8(source)),
  expected: { html: expected },
});

const SIZES: readonly CorpusMail[] = [
  { name: 'nothing', raw: Buffer.alloc(0), expected: { refused: 'empty' } },
  { name: 'blank lines only', raw: Buffer.from('\r\n \r\n\t\r\n'), expected: { refused: 'empty' } },
  {
    name: 'random bytes',
    raw: Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7919 + 13) % 256)),
    expected: { refused: 'no_sender' },
  },
  {
    name: 'more than 25 MiB',
    raw: Buffer.concat([Buffer.from(`${FROM}\r\n\r\n`), Buffer.alloc(25 * 1024 * 1024, 0x61)]),
    expected: { refused: 'too_large' },
  },
  { name: '10,000 parts', raw: withParts(10_000), expected: { refused: 'too_many_parts' } },
  { name: 'parts nested 20 deep', raw: nested(20), expected: { text: 'deep' } },
  { name: 'parts nested 900 deep', raw: nested(900), expected: { refused: 'too_deep' } },
  {
    name: '3,000 header fields',
    raw: bytes([FROM, ...Array.from({ length: 3_000 }, (_, at) => `X-${at}: y`), '', 'x']),
    expected: { refused: 'too_many_headers' },
  },
  {
    name: 'one header of a megabyte',
    raw: bytes([FROM, `Subject: ${'a'.repeat(1_000_000)}`, '', 'x']),
    expected: { refused: 'headers_too_large' },
  },
  {
    name: '100,000 references',
    raw: bytes([FROM, 'References:', ...Array.from({ length: 100_000 }, (_, at) => ` <${at}@example.org>`), '', 'x']),
    expected: { refused: 'headers_too_large' },
  },
  {
    name: 'a million lines that look like delimiters',
    raw: bytes([FROM, 'Content-Type: multipart/mixed; boundary=x', '', '--xy\n'.repeat(1_000_000)]),
    expected: { refused: 'too_many_lines' },
  },
];

const NAMES: readonly CorpusMail[] = [
  named('a file name with a path', '../../etc/passwd', 'passwd'),
  named('a file name with a Windows path', 'C:\\\\Windows\\\\evil.exe', 'evil.exe'),
  named('a file name that hides its extension', 'invoice\u202efdp.exe', 'invoicefdp.exe'),
  named('a file name of dots', '..', 'attachment-1.bin'),
  named('a file name that is a device', 'CON.txt', '_CON.txt'),
  named('an endless file name', `${'a'.repeat(5_000)}.pdf`, `${'a'.repeat(146)}.pdf`),
  {
    name: 'a file name with a line end and a NUL',
    raw: aMultipart('mixed', TEXT, [
      'Content-Type: application/x; name="=?utf-8?q?a=0D=0AX:=00b.pdf?="',
      'Content-Disposition: attachment',
      '',
      'x',
    ]),
    expected: { attachments: ['a X_b.pdf application/x file 2'] },
  },
  {
    name: 'a type that is none',
    raw: aMultipart('mixed', TEXT, ['Content-Type: ../../<script>', 'Content-Disposition: attachment', '', 'x']),
    expected: { attachments: ['attachment-1.bin application/octet-stream file 2'] },
  },
];

const SCRIPTS: readonly CorpusMail[] = [
  html('a script', '<p>a<script>alert(1)</script>b</p>', '<p>ab</p>'),
  html('an event handler', '<img src=x onerror=alert(1)><b onclick="x()">t</b>', '<img /><b>t</b>'),
  html(
    'a script link in disguise',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a rel="noopener noreferrer nofollow" target="_blank">x</a>',
  ),
  html('SVG and MathML', '<svg><script>a</script></svg><math><mi xlink:href="javascript:x">m</mi></math>z', 'z'),
  html(
    'a tracking picture',
    '<img src="https://spy.example/p.gif" width="1">',
    '<img width="1" data-remote-src="https://spy.example/p.gif" />',
  ),
  html(
    'a form and a frame',
    '<form action="//evil"><input name=p>x</form><iframe srcdoc="<script>1</script>"></iframe>',
    'x',
  ),
  html(
    'a style that loads',
    '<p style="background:url(//evil);color:red;position:fixed">x</p><style>*{}</style>',
    '<p style="color:red">x</p>',
  ),
  html(
    'a picture that is a document',
    '<img src="data:text/html;base64,PHNjcmlwdD4="><img src="data:image/svg+xml;base64,eA==">',
    '<img /><img />',
  ),
  html('a nested tag trick', '<scr<script>ipt>alert(1)</scr</script>ipt>', 'ipt&gt;alert(1)ipt&gt;'),
  {
    name: 'HTML nested 100,000 deep, kept as text',
    raw: aMail(['Content-Type: text/html'], `${'<div>'.repeat(100_000)}deep`),
    expected: { text: 'deep', html: null, defects: ['html_too_deep'] },
  },
];

export const HOSTILE: readonly CorpusMail[] = [...SIZES, ...NAMES, ...SCRIPTS];
