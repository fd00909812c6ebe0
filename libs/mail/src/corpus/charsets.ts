import { aMail, aMultipart, bytes, type CorpusMail, hex, utf8 } from './build.js';

const inCharset = (charset: string, digits: string, text: string): CorpusMail => ({
  name: `an 8-bit body in ${charset}`,
  raw: aMail([`Content-Type: text/plain; charset=${charset}`, 'Content-Transfer-Encoding: 8bit'], hex(digits)),
  expected: { text },
});

const BODIES: readonly CorpusMail[] = [
  inCharset('windows-1252', '50726978203a2031303020802096209364926163636f726494', 'Prix : 100 € – “d’accord”'),
  inCharset('iso-8859-1', '507265697320352080', 'Preis 5 €'),
  inCharset('iso-8859-9', 'de69fe6c692764656e2069f06e652c20fdf064fd72', "Şişli'den iğne, ığdır"),
  inCharset('windows-1254', 'de69fe6c693a2035208020dd6e646972696d', 'Şişli: 5 € İndirim'),
  inCharset('gb18030', 'c4e3bac3a3acb6a9b5a5b5bdc1cbc2f0a3bf95328236', '你好，订单到了吗？𠀀'),
  inCharset('GB2312', 'c4e3bac3', '你好'),
  inCharset('koi8-r', 'f0d2c9d7c5d42c20c7c4c520dac1cbc1da3f', 'Привет, где заказ?'),
  inCharset('cp1251', 'cff0e8e2e5f22c20e3e4e520e7e0eae0e73f', 'Привет, где заказ?'),
  inCharset('shift_jis', '82b2928d95b682f08a6d944682b582dc82b582bd', 'ご注文を確認しました'),
  inCharset('iso-2022-jp', '1b24422434436d4a382472334e47271b2842', 'ご注文を確認'),
  inCharset('big5', 'ad71b3e6bd73b8b9', '訂單編號'),
  inCharset('ks_c_5601-1987', 'c1d6b9ae20c8aec0ce', '주문 확인'),
  inCharset('iso-8859-7', 'cae1ebe7ecddf1e1', 'Καλημέρα'),
  inCharset('iso-8859-15', '3520a42066fc7220bc75767265', '5 € für Œuvre'),
  inCharset('windows-1256', 'e3d1cdc8c7', 'مرحبا'),
  inCharset('x-made-up-42', '63616665e9', 'cafeé'),
  inCharset('"utf-8', '63616665', 'cafe'),
  inCharset('utf-8', '6f6bc328ff6b', 'ok\ufffd(\ufffdk'),
];

const OTHERS: readonly CorpusMail[] = [
  {
    name: 'UTF-16LE in base64',
    raw: aMail(
      ['Content-Type: text/plain; charset=utf-16le', 'Content-Transfer-Encoding: base64'],
      hex('47007200f600df00650020001f01').toString('base64'),
    ),
    expected: { text: 'Größe ğ' },
  },
  {
    name: 'a Latin-1 body that declares no charset',
    raw: aMail([], 'Gr\xfc\xdfe aus K\xf6ln'),
    expected: { text: 'Grüße aus Köln' },
  },
  {
    name: 'Latin-1 in quoted-printable HTML that declares no charset',
    raw: aMail(['Content-Type: text/html', 'Content-Transfer-Encoding: quoted-printable'], '<p>Gr=FC=DFe</p>'),
    expected: { text: 'Grüße', html: '<p>Grüße</p>' },
  },
  {
    name: 'two parts in two charsets',
    raw: aMultipart(
      'mixed',
      ['Content-Type: text/plain; charset=koi8-r', '', hex('f0d2c9d7c5d4')],
      ['Content-Type: text/plain; charset=utf-8', '', utf8('Grüße')],
    ),
    expected: { text: 'Привет\n\nGrüße' },
  },
  {
    name: 'raw 8-bit headers in Latin-1',
    raw: bytes(['From: J\xfcrgen M\xfcller <j@example.org>', 'Subject: Angebot f\xfcr K\xf6ln', '', 'x']),
    expected: {
      fromName: 'Jürgen Müller',
      subject: 'Angebot für Köln',
      defects: ['eight_bit_header', 'no_message_id', 'no_date'],
    },
  },
  {
    name: 'raw 8-bit headers in the charset of the body',
    raw: aMail(
      [Buffer.concat([Buffer.from('Subject: '), hex('f0d2c9d7c5d4')]), 'Content-Type: text/plain; charset=koi8-r'],
      hex('f0d2c9d7c5d4'),
    ),
    expected: { subject: 'Привет', text: 'Привет' },
  },
  {
    name: 'raw UTF-8 headers (SMTPUTF8)',
    raw: aMail([utf8('Subject: Sipariş için teşekkürler 🎉')], 'x'),
    expected: { subject: 'Sipariş için teşekkürler 🎉' },
  },
  {
    name: 'a raw 8-bit file name in a part header',
    raw: aMultipart(
      'mixed',
      ['Content-Type: text/plain; charset=iso-8859-1', '', 'x'],
      [
        'Content-Type: application/pdf; name="Rechnung f\xfcr K\xf6ln.pdf"',
        'Content-Disposition: attachment',
        '',
        'pdf',
      ],
    ),
    expected: { attachments: ['Rechnung für Köln.pdf application/pdf file 4'] },
  },
  {
    name: 'format=flowed with a space-stuffed line',
    raw: aMail(['Content-Type: text/plain; format=flowed'], 'one ', 'two', '', ' >no quote'),
    expected: { text: 'one two\n\n>no quote' },
  },
  {
    name: 'a body with NUL bytes and bare CR line ends',
    raw: aMail(['Content-Type: text/plain; charset=utf-8'], 'a\x00b\rc\x00'),
    expected: { text: 'ab\nc' },
  },
  {
    name: 'NUL smuggled in by an encoded word and an HTML entity',
    raw: aMail(['Subject: =?utf-8?q?a=00b?=', 'Content-Type: text/html; charset=utf-8'], '<p>x&#0;y&#xD800;z</p>'),
    expected: { subject: 'a b', text: 'x\ufffdy\ufffdz' },
  },
];

export const CHARSETS: readonly CorpusMail[] = [...BODIES, ...OTHERS];
