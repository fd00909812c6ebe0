import { InvalidTransition } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { parseMail } from '../parsing/index.js';
import { aRawMail } from '../testing.js';
import { Mail } from './mail.entity.js';
import { MailAttributed } from './mail.errors.js';
import { MAIL_STATES, type MailState, type Route } from './mail.policy.js';

const NOW = new Date('2026-11-02T09:00:00Z');
const HASH = 'a'.repeat(64);
const links = { customerId: 'customer', inquiryId: 'inquiry' };
const received = (): Mail => Mail.receive({ rawHash: HASH, size: 1, mailboxId: null }, NOW);
const found = { mailboxId: 'mailbox', authentication: null, senderVerdict: null, isReused: false };
const route = (over: Partial<Route> = {}): Route => ({
  decision: 'new',
  inquiryId: null,
  sideConversationId: null,
  isAutomatic: false,
  reasons: [],
  ...over,
});

async function read(raw = aRawMail()): Promise<Mail> {
  const mail = received();
  mail.read(await parseMail(raw), found);
  return mail;
}
async function routed(over: Partial<Route> = {}): Promise<Mail> {
  const mail = await read();
  mail.route(route(over), { threadedBy: null, isBounce: false }, NOW);
  return mail;
}
const inState = (state: MailState): Mail => Object.assign(received(), { state });

describe('A mail', () => {
  it('waits, once read and routed, for the inquiry it belongs to', async () => {
    const mail = await routed();
    expect(mail).toMatchObject({
      state: 'parsed',
      decision: 'new',
      decidedAt: NOW,
      mailboxId: 'mailbox',
      fromAddress: 'ann@example.org',
    });
    expect(mail.releaseEvents()).toEqual([
      {
        type: 'mail.routed',
        payload: {
          mailId: mail.id,
          mailboxId: 'mailbox',
          inquiryId: null,
          sideConversationId: null,
          decision: 'new',
          automatic: false,
        },
      },
    ]);
    mail.attribute(links);
    expect(mail).toMatchObject({ state: 'routed', ...links });
  });

  it('is routed once', async () => {
    const mail = await routed();
    mail.releaseEvents();
    mail.route(route({ decision: 'reply', inquiryId: 'other' }), { threadedBy: 'number', isBounce: false }, NOW);
    expect(mail).toMatchObject({ decision: 'new', inquiryId: null });
    expect(mail.releaseEvents()).toEqual([]);
  });

  it('is done when a machine wrote it, and keeps what it refers to', async () => {
    const mail = await routed({ decision: 'ignored', inquiryId: 'inquiry', isAutomatic: true });
    expect(mail).toMatchObject({ state: 'ignored', inquiryId: 'inquiry', isAutomatic: true });
    expect(() => mail.attribute(links)).toThrow(InvalidTransition);
  });

  it('belongs to one inquiry for good', async () => {
    const mail = await routed();
    mail.attribute(links);
    mail.attribute(links);
    expect(() => mail.attribute({ ...links, inquiryId: 'other' })).toThrow(MailAttributed);
  });

  it('is set aside with a reason, and read again without it', () => {
    const mail = received();
    mail.quarantine('too_deep');
    expect(mail).toMatchObject({ state: 'quarantined', quarantineReason: 'too_deep' });
    expect(mail.releaseEvents()).toMatchObject([{ type: 'mail.quarantined', payload: { reason: 'too_deep' } }]);
    mail.reparse();
    expect(mail).toMatchObject({ state: 'received', quarantineReason: null });
  });

  it('says when its Message-ID was used before', async () => {
    const mail = received();
    mail.read(await parseMail(aRawMail()), { ...found, isReused: true });
    expect(mail.facts.defects).toContain('message_id_reused');
  });

  it('keeps the words of a copy with the original', async () => {
    const mail = received();
    mail.duplicates('original', await parseMail(aRawMail()), 'mailbox');
    expect(mail).toMatchObject({ state: 'duplicate', duplicateOf: 'original', subject: 'Broken lamp' });
    expect(mail.text).toBeUndefined();
  });

  const verbs: [MailState, (mail: Mail) => unknown][] = [
    ['quarantined', (mail) => mail.quarantine('crashed')],
    ['received', (mail) => mail.reparse()],
    ['ignored', (mail) => mail.route(route({ decision: 'ignored' }), { threadedBy: null, isBounce: false }, NOW)],
  ];
  const refused = verbs.flatMap(([to, verb]) =>
    MAIL_STATES.states.filter((from) => !MAIL_STATES.allows(from, to)).map((from) => ({ from, to, verb })),
  );

  it.each(refused)('does not go from $from to $to', ({ from, verb }) => {
    expect(() => verb(inState(from))).toThrow(InvalidTransition);
  });

  it('keeps a Message-ID too long for an index by its hash', async () => {
    const mail = await read(aRawMail({ messageId: `<${'x'.repeat(600)}@example.org>` }));
    expect(mail.effectiveMessageId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(mail.messageId).toHaveLength(614);
  });
});
