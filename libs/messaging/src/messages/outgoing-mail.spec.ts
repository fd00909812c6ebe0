import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aMail } from '../testing.js';
import { assertSendable, InvalidMail, type OutgoingMail } from './outgoing-mail.js';

const pointersOf = (over: Partial<OutgoingMail>): string[] => {
  try {
    assertSendable(aMail(over));
    return [];
  } catch (error) {
    if (error instanceof InvalidMail) return (error.details.errors ?? []).map(({ pointer }) => pointer);
    throw error;
  }
};

const INTO_A_HEADER: [string, (text: string) => Partial<OutgoingMail>][] = [
  ['/subject', (subject) => ({ subject })],
  ['/to/0/address', (address) => ({ to: [{ address: `${address}@example.com` }] })],
  ['/to/0/name', (name) => ({ to: [{ address: 'a@example.com', name }] })],
  ['/cc/0/address', (part) => ({ cc: [{ address: `a@example.com${part}` }] })],
  ['/from/name', (name) => ({ from: { address: 'a@example.com', name } })],
  ['/replyTo/name', (name) => ({ replyTo: { address: 'a@example.com', name } })],
  ['/messageId', (part) => ({ messageId: `<a${part}@example.com>` })],
  ['/inReplyTo', (part) => ({ inReplyTo: `<a${part}@example.com>` })],
  ['/references', (part) => ({ references: ['<a@example.com>', `<${part}@example.com>`] })],
  ['/unsubscribeUrl', (part) => ({ unsubscribeUrl: `https://example.com/${part}` })],
];

describe('A mail to be sent', () => {
  it('is taken with everything it may carry', () => {
    const mail = {
      to: [{ address: 'jürgen@müller.example', name: 'Jürgen Müller' }],
      cc: [{ address: "o'hara+crm@sub.example.co.in" }],
      from: { address: 'support@example.com', name: 'Support, Pune "West"' },
      html: '<p>Thank you</p>',
      messageId: '<r.1@example.com>',
      inReplyTo: '<CAF=abc+def@mail.gmail.com>',
      references: ['<1@a>', '<2@b>'],
      unsubscribeUrl: 'https://example.com/u?t=1',
    };
    expect(pointersOf(mail)).toEqual([]);
  });

  it.each(INTO_A_HEADER)('lets no line break, NUL or other control character reach %s', (pointer, put) => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('\r\n', '\n', '\r', '\0', '\u0085', '\u2028', '\t\n'),
        fc.string(),
        (before, control, after) => {
          expect(pointersOf(put(before + control + after))).toContain(pointer);
        },
      ),
    );
  });

  it.each([
    ['two addresses in one', 'a@example.com,b@example.com'],
    ['a name inside', 'Asha <asha@example.com>'],
    ['no domain', 'asha@'],
    ['no local part', '@example.com'],
    ['a quoted local part', '"a b"@example.com'],
    ['a route', '@relay:asha@example.com'],
    ['an address literal', 'asha@[127.0.0.1]'],
    ['a local part that is too long', `${'a'.repeat(65)}@example.com`],
    ['a label that is too long', `a@${'a'.repeat(64)}.com`],
  ])('refuses an address with %s', (_, address) => {
    expect(pointersOf({ to: [{ address }] })).toEqual(['/to/0/address']);
  });

  it.each<[string, Partial<OutgoingMail>, string]>([
    ['nobody to go to', { to: [] }, '/to'],
    ['too many recipients', { cc: Array.from({ length: 50 }, (_, at) => ({ address: `a${at}@example.com` })) }, '/to'],
    ['a subject that fills more than a line may', { subject: 'a'.repeat(999) }, '/subject'],
    ['a text of over a mebibyte', { text: 'a'.repeat(1024 * 1024 + 1) }, '/text'],
    ['a NUL in its text', { text: 'a\0b' }, '/text'],
    ['a NUL in its HTML', { html: '\0' }, '/html'],
    ['no record it is about', { about: { kind: 'response', id: 'r1' } }, '/about/id'],
    [
      'a revision below zero',
      { about: { kind: 'response', id: '01920000-0000-7000-8000-000000000001', revision: -1 } },
      '/about/revision',
    ],
    ['marketing without a way out', { purpose: 'marketing' }, '/unsubscribeUrl'],
    [
      'a way out that is not https',
      { purpose: 'marketing', unsubscribeUrl: 'http://example.com/u' },
      '/unsubscribeUrl',
    ],
  ])('refuses %s', (_, over, pointer) => {
    expect(pointersOf(over)).toEqual([pointer]);
  });
});
