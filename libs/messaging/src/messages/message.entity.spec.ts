import { InvalidTransition } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { aMail } from '../testing.js';
import { type Answer, Message } from './message.entity.js';
import { LeaseLost } from './message.errors.js';
import type { OutgoingMail } from './outgoing-mail.js';

const now = new Date('2026-11-02T09:00:00Z');
const later = new Date('2026-11-02T09:02:30Z');
const FENCE = '01920000-0000-4000-8000-00000000000f';
const ASHA = 'asha@example.com';
const BEN = 'ben@example.com';

const queued = (over: Partial<OutgoingMail> = {}): Message =>
  Message.queue(
    aMail(over),
    { id: '01920000-0000-7000-8000-000000000001', messageId: '<1@example.com>', sender: { address: 'us@example.com' } },
    now,
  );

const leased = (over: Partial<OutgoingMail> = {}): Message => {
  const message = queued(over);
  message.lease(FENCE, later, [], now);
  return message;
};

const calling = (over: Partial<OutgoingMail> = {}): Message => {
  const message = leased(over);
  message.beginCall(FENCE, now);
  return message;
};

const unknown = (over: Partial<OutgoingMail> = {}): Message => {
  const message = calling(over);
  message.doubt(FENCE, 'no answer');
  message.releaseEvents();
  return message;
};

const took = (...accepted: string[]): Answer => ({ accepted, refused: [], response: '250 OK' });
const refused = (isPermanent: boolean, ...addresses: string[]): Answer => ({
  accepted: [],
  refused: addresses.map((address) => ({ address, isPermanent, response: isPermanent ? '550 5.1.1 No' : '451 Later' })),
  response: isPermanent ? '550 5.1.1 No' : '451 Later',
});
const told = (message: Message): string[] => message.releaseEvents().map(({ type }) => type);

describe('Message', () => {
  it('is sent once the server has taken it, and says so once', () => {
    const message = calling();
    message.settle(FENCE, took(ASHA), later, undefined);
    expect(message).toMatchObject({
      state: 'sent',
      sentAt: later,
      leaseUntil: null,
      fence: null,
      providerResponse: '250 OK',
    });
    expect(told(message)).toEqual(['messaging.message-sent']);
  });

  it('waits for its next attempt when it was refused for now', () => {
    const message = leased();
    message.settle(FENCE, refused(false, ASHA), now, later);
    expect(message).toMatchObject({
      state: 'queued',
      notBefore: later,
      attempts: 1,
      fence: null,
      lastError: '451 Later',
    });
    expect(told(message)).toEqual([]);
  });

  it('fails when it was refused for good', () => {
    const message = leased();
    message.settle(FENCE, refused(true, ASHA), now, later);
    expect(message.state).toBe('failed');
    expect(message.releaseEvents()).toMatchObject([{ payload: { permanent: true, reason: '550 5.1.1 No' } }]);
  });

  it('fails, though not for good, when its attempts are used up', () => {
    const message = leased();
    message.settle(FENCE, refused(false, ASHA), now, undefined);
    expect(message.releaseEvents()).toMatchObject([
      { type: 'messaging.message-failed', payload: { permanent: false } },
    ]);
  });

  it('is tried again only for those who were put off', () => {
    const message = calling({ to: [{ address: ASHA }, { address: BEN }] });
    message.settle(FENCE, { ...took(ASHA), refused: refused(false, BEN).refused }, now, later);
    expect(message).toMatchObject({ state: 'queued', envelope: [BEN] });
    message.lease(FENCE, later, [], now);
    message.settle(FENCE, refused(true, BEN), later, undefined);
    expect(message.state).toBe('sent');
    expect(message.releaseEvents()).toMatchObject([{ payload: { refused: [BEN] } }]);
  });

  it('goes once to who stands in it twice', () => {
    expect(queued({ to: [{ address: 'Asha@Example.com' }], cc: [{ address: ASHA }] }).envelope).toEqual([
      'Asha@Example.com',
    ]);
  });

  it('is withheld when nobody in `to` may get it, though somebody in `cc` may', () => {
    const message = queued({ to: [{ address: 'Asha@Example.com' }], cc: [{ address: BEN }] });
    message.lease(FENCE, later, [ASHA], now);
    expect(message).toMatchObject({ state: 'suppressed', attempts: 0 });
    expect(message.releaseEvents()).toMatchObject([
      { type: 'messaging.message-suppressed', payload: { recipients: [ASHA] } },
    ]);
  });

  it('leaves out the suppressed and goes to the rest', () => {
    const message = queued({ to: [{ address: ASHA }, { address: BEN }] });
    message.lease(FENCE, later, [BEN], now);
    expect(message).toMatchObject({ state: 'sending', envelope: [ASHA] });
  });

  it('is sent when those left were suppressed after others had got it', () => {
    const message = calling({ to: [{ address: ASHA }, { address: BEN }] });
    message.settle(FENCE, { ...took(ASHA), refused: refused(false, BEN).refused }, now, later);
    message.lease(FENCE, later, [BEN], later);
    expect(message).toMatchObject({ state: 'sent', sentAt: later });
  });

  it('begins its call once in an attempt', () => {
    expect(() => calling().beginCall(FENCE, now)).toThrow(LeaseLost);
  });

  it('obeys only the attempt that holds its lease', () => {
    const other = '01920000-0000-4000-8000-00000000000e';
    expect(() => leased().beginCall(other, now)).toThrow(LeaseLost);
    expect(() => leased().settle(other, took(ASHA), now, undefined)).toThrow(LeaseLost);
    expect(() => leased().doubt(other, '')).toThrow(LeaseLost);
  });

  it('is queued again when its lease ran out before the call', () => {
    const message = leased();
    message.expire(FENCE, later);
    expect(message).toMatchObject({ state: 'queued', notBefore: later, fence: null });
  });

  it('is unknown when its lease ran out after the call had begun', () => {
    const message = calling();
    message.expire(FENCE, later);
    expect(message.state).toBe('unknown');
    expect(told(message)).toEqual(['messaging.message-unknown']);
  });

  it('fails when its lease ran out in its last attempt', () => {
    const message = leased();
    message.expire(FENCE, undefined);
    expect(message.state).toBe('failed');
  });

  it('is untouched by the lease of an attempt that has ended', () => {
    const message = calling();
    message.settle(FENCE, took(ASHA), now, undefined);
    message.expire(FENCE, later);
    expect(message.state).toBe('sent');
  });

  it('believes an answer that comes after all', () => {
    const message = unknown();
    message.settle(FENCE, took(ASHA), later, undefined);
    expect(message).toMatchObject({ state: 'sent', sentAt: later });
  });

  it('does not believe a late answer once a person has decided', () => {
    const message = unknown();
    message.retry(later);
    expect(() => message.settle(FENCE, took(ASHA), later, undefined)).toThrow(LeaseLost);
  });

  it('is retried under the same Message-ID with all its attempts', () => {
    const message = unknown();
    message.retry(later);
    expect(message).toMatchObject({
      state: 'queued',
      attempts: 0,
      notBefore: later,
      messageId: '<1@example.com>',
      callStartedAt: null,
    });
  });

  it('forgets on retry who was suppressed or refused, not who has it', () => {
    const message = queued({ to: [{ address: ASHA }] });
    message.lease(FENCE, later, [ASHA], now);
    message.retry(later);
    expect(message.envelope).toEqual([ASHA]);
  });

  it('is resolved as sent at the time its text left', () => {
    const message = unknown();
    message.resolve('sent');
    expect(message).toMatchObject({ state: 'sent', sentAt: now, receipts: [{ address: ASHA, outcome: 'accepted' }] });
    expect(told(message)).toEqual(['messaging.message-sent']);
  });

  it('is resolved as failed', () => {
    const message = unknown();
    message.resolve('failed');
    expect(message.state).toBe('failed');
    expect(told(message)).toEqual(['messaging.message-failed']);
  });

  it('is nobody’s to retry, resolve or cancel while it is being sent', () => {
    expect(() => calling().retry(now)).toThrow(InvalidTransition);
    expect(() => calling().resolve('sent')).toThrow(InvalidTransition);
    expect(() => calling().cancel()).toThrow(InvalidTransition);
  });

  it('is neither repeated nor resolved once sent', () => {
    const message = calling();
    message.settle(FENCE, took(ASHA), now, undefined);
    expect(() => message.retry(now)).toThrow(InvalidTransition);
    expect(() => message.resolve('failed')).toThrow(InvalidTransition);
  });

  it('is cancelled while queued, and then never leased', () => {
    const message = queued();
    message.releaseEvents();
    message.cancel();
    expect(told(message)).toEqual(['messaging.message-failed']);
    expect(() => message.lease(FENCE, later, [], now)).toThrow(InvalidTransition);
  });

  it.each<[string, (message: Message) => void]>([
    ['sent', (message) => message.settle(FENCE, took(ASHA), now, undefined)],
    ['resolved', (message) => (message.doubt(FENCE, ''), message.resolve('sent'))],
  ])('forgets what was confidential once %s', (_, end) => {
    const message = calling({
      confidential: true,
      text: 'https://example.com/reset?token=secret',
      html: '<p>secret</p>',
    });
    end(message);
    expect(message).toMatchObject({ text: '', html: null });
  });

  it('keeps what was confidential while it may still be sent', () => {
    const message = unknown({ confidential: true, text: 'secret' });
    expect(message.text).toBe('secret');
  });

  it('waits until the time it was given, never for one that has passed', () => {
    expect(queued({ notBefore: later }).notBefore).toEqual(later);
    expect(queued({ notBefore: new Date(0) }).notBefore).toEqual(now);
  });
});
