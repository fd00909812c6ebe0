import { aMail, aMultipart, bytes, type CorpusMail } from './build.js';

const DAEMON = 'From: Mail Delivery System <MAILER-DAEMON@mx.example.net>';
const report = (type: string, ...parts: (readonly string[])[]): Buffer =>
  bytes([
    'Return-Path: <>',
    DAEMON,
    'Auto-Submitted: auto-replied',
    `Content-Type: multipart/report; report-type=${type}; boundary=r`,
    '',
    ...parts.flatMap((part) => ['--r', ...part]),
    '--r--',
  ]);
const WORDS = ['Content-Type: text/plain', '', 'This is the mail system.'];
const status = (...lines: readonly string[]): readonly string[] => [
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mx.example.net',
  '',
  ...lines,
];
const REPORT_REASONS = ['auto_submitted', 'empty_return_path', 'delivery_report', 'mailer_daemon'];

export const MACHINES: readonly CorpusMail[] = [
  {
    name: 'a report of a failed delivery',
    raw: report(
      'delivery-status',
      WORDS,
      status(
        'Final-Recipient: rfc822; bob@example.org',
        'Action: failed',
        'Status: 5.1.1',
        'Diagnostic-Code: smtp; 550 no such',
        ' user',
      ),
      ['Content-Type: text/rfc822-headers', '', 'Message-ID: <ours@example.com>', 'Subject: offer'],
    ),
    expected: { isBounce: true, reasons: REPORT_REASONS },
  },
  {
    name: 'a report of a delay',
    raw: report(
      'delivery-status',
      WORDS,
      status('Final-Recipient: rfc822; bob@example.org', 'Action: delayed', 'Status: 4.4.1'),
    ),
    expected: { isBounce: false, reasons: REPORT_REASONS },
  },
  {
    name: 'a report without a sender',
    raw: bytes(['From: Mail system', 'Return-Path: <>', '', 'Undelivered']),
    expected: { from: null, reasons: ['empty_return_path', 'mailer_daemon'] },
  },
  {
    name: 'a bounce in words',
    raw: bytes([
      'Return-Path: <>',
      DAEMON,
      '',
      'Hi. This is the qmail-send program.',
      '<bob@example.org>:',
      'Sorry, no mailbox here by that name. (#5.1.1)',
    ]),
    expected: { isBounce: true },
  },
  {
    name: 'an Exim bounce',
    raw: bytes(['Return-Path: <>', DAEMON, 'X-Failed-Recipients: bob@example.org', '', 'Unrouteable address']),
    expected: { isBounce: true },
  },
  {
    name: 'an out-of-office reply',
    raw: aMail(
      ['Auto-Submitted: auto-replied (vacation)', 'Precedence: bulk', 'X-Auto-Response-Suppress: All'],
      'Away',
    ),
    expected: { isBounce: false, reasons: ['auto_submitted', 'precedence', 'auto_response_suppress'] },
  },
  { name: 'a person behind Auto-Submitted: no', raw: aMail(['Auto-Submitted: no'], 'Hi'), expected: { reasons: [] } },
  {
    name: 'a mailing list',
    raw: aMail(['List-Id: <news.example.org>', 'List-Unsubscribe: <mailto:u@example.org>', 'Precedence: list'], 'News'),
    expected: { reasons: ['precedence', 'list'] },
  },
  {
    name: 'a vendor’s auto-reply header',
    raw: aMail(['X-Autoreply: yes'], 'Away'),
    expected: { reasons: ['auto_reply_header'] },
  },
  {
    name: 'a read receipt',
    raw: aMultipart('report; report-type=disposition-notification', WORDS, [
      'Content-Type: message/disposition-notification',
      '',
      'Disposition: manual-action/MDN-sent-manually; displayed',
    ]),
    expected: { isBounce: false, reasons: ['disposition_notification'] },
  },
  {
    name: 'a complaint',
    raw: aMultipart('report; report-type=feedback-report', WORDS, [
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: abuse',
    ]),
    expected: { reasons: ['complaint'] },
  },
];
