import { describe, expect, it } from 'vitest';
import { aMail, bytes } from '../corpus/build.js';
import { parseMail } from '../parsing/index.js';
import { classifyAutomation } from './automation.js';
import { isPermanentFailure } from './delivery-report.js';

const OWN = ['Support@Example.com', '@mail.example.com'];
const classified = async (raw: Buffer) => classifyAutomation(await parseMail(raw), OWN);
const dsn = (status: readonly string[], returned: readonly string[] = []): Buffer =>
  bytes([
    'From: MAILER-DAEMON@mx.example.net',
    'Content-Type: multipart/report; report-type="delivery-status"; boundary=r',
    '',
    '--r',
    '',
    'words',
    '--r',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    ...status,
    ...(returned.length > 0 ? ['--r', 'Content-Type: message/rfc822', '', ...returned] : []),
    '--r--',
  ]);

describe('A mail from a person', () => {
  it('is not automatic', async () => {
    expect(await classified(aMail([], 'Hello'))).toEqual({
      isAutomatic: false,
      isBounce: false,
      isList: false,
      isOwn: false,
      reasons: [],
      report: null,
    });
  });
});

describe('A mail from a machine', () => {
  it.each([
    ['Auto-Submitted: auto-generated', 'auto_submitted'],
    ['Auto-Submitted: auto-replied; owner-email="x@y.z"', 'auto_submitted'],
    ['Precedence: junk', 'precedence'],
    ['Precedence: auto_reply', 'precedence'],
    ['List-Unsubscribe: <mailto:x@y.z>', 'list'],
    ['Return-Path: <>', 'empty_return_path'],
    ['X-Auto-Response-Suppress: DR, OOF, AutoReply', 'auto_response_suppress'],
    ['X-Autorespond: away', 'auto_reply_header'],
  ])('is known by "%s"', async (header, reason) => {
    expect(await classified(aMail([header], 'x'))).toMatchObject({
      isAutomatic: true,
      isBounce: false,
      reasons: [reason],
    });
  });

  it.each([
    'Auto-Submitted: no',
    'Auto-Submitted: No (a person)',
    'Precedence: first-class',
    'X-Auto-Response-Suppress: None',
    'Return-Path: <ann@example.org>',
  ])('is not suspected by "%s"', async (header) => {
    expect(await classified(aMail([header], 'x'))).toMatchObject({ isAutomatic: false, reasons: [] });
  });

  it.each([
    'noreply@example.org',
    'no-reply+1@example.org',
    'do-not-reply@example.org',
    'bounces-77@example.org',
    'postmaster@example.org',
  ])('is known by its sender %s', async (sender) => {
    expect(await classified(bytes([`From: ${sender}`, '', 'x']))).toMatchObject({ isAutomatic: true });
  });
});

describe('A mail of our own', () => {
  it.each([
    ['support@example.com', true],
    ['support+token@example.com', true],
    ['anyone@mail.example.com', true],
    ['colleague@example.com', false],
    ['support@example.com.evil.example', false],
    ['x@evilmail.example.com', false],
  ])('sent by %s: %s', async (sender, isOwn) => {
    expect(await classified(bytes([`From: ${sender}`, '', 'x']))).toMatchObject({ isOwn, isAutomatic: false });
  });
});

describe('A delivery report', () => {
  it('names the recipients, their status and our mail', async () => {
    const status = [
      'Original-Recipient: rfc822;Bob@example.org',
      'Final-Recipient: rfc822; b@other.example',
      'Action: failed',
      'Status: 5.1.1 (no such user)',
      'Diagnostic-Code: smtp; 550',
      '  no such user',
      '',
      'Final-Recipient: rfc822; <cy@example.org>',
      'Action: delayed',
      'Status: 4.4.1',
    ];
    const { isBounce, report } = await classified(
      dsn(status, ['From: support@example.com', 'Message-ID:', ' <ours@example.com>', '', 'Message-ID: <not-this@x>']),
    );
    expect(isBounce).toBe(true);
    expect(report).toEqual({
      recipients: [
        { address: 'bob@example.org', action: 'failed', status: '5.1.1', diagnostic: 'smtp; 550 no such user' },
        { address: 'cy@example.org', action: 'delayed', status: '4.4.1', diagnostic: '' },
      ],
      originalMessageIds: ['<ours@example.com>'],
    });
    expect(report?.recipients.map(isPermanentFailure)).toEqual([true, false]);
  });

  it.each([
    [['Final-Recipient: rfc822; b@example.org', 'Action: delivered', 'Status: 2.0.0'], false, [false]],
    [['Final-Recipient: rfc822; b@example.org', 'Action: relayed'], false, [false]],
    [['Final-Recipient: rfc822; b@example.org', 'Action: failed', 'Status: 4.4.7'], true, [false]],
    [['Final-Recipient: rfc822; b@example.org', 'Action: failed'], true, [true]],
    [['Final-Recipient: rfc822; b@example.org', 'Status: 5.7.1'], true, [true]],
    [['Final-Recipient: rfc822; nonsense', 'Action: failed'], false, undefined],
  ])('%j is a bounce: %s, permanent: %j', async (status, isBounce, permanent) => {
    const automation = await classified(dsn(status));
    expect(automation.isBounce).toBe(isBounce);
    expect(automation.report?.recipients.map(isPermanentFailure)).toEqual(permanent);
  });

  it('is read from the words of servers that write no report', async () => {
    const raw = bytes([
      'Return-Path: <>',
      'From: MAILER-DAEMON@mx.example.net',
      '',
      'I could not deliver to',
      '<bob@example.org>:',
      '550 5.1.1 unknown',
      '',
      '--- Below this line is a copy',
      '',
      'Message-ID: <ours@example.com>',
    ]);
    expect((await classified(raw)).report).toEqual({
      recipients: [{ address: 'bob@example.org', action: 'failed', status: '5.1.1', diagnostic: '' }],
      originalMessageIds: ['<ours@example.com>'],
    });
  });

  it('is not made of a person’s mail that quotes one', async () => {
    expect(await classified(aMail([], 'They wrote:', '<bob@example.org>:', '550 5.1.1 unknown'))).toMatchObject({
      isBounce: false,
      report: null,
    });
  });
});
