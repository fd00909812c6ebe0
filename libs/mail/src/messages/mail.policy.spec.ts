import { describe, expect, it } from 'vitest';
import type { AuthenticationResult, Verdict } from '../parsing/index.js';
import type { AutomationReason } from '../threading/index.js';
import {
  contentHashOf,
  correspondentOf,
  type FoundThread,
  MOST_MAILS_AN_HOUR,
  ownResult,
  routeOf,
  senderVerdict,
} from './mail.policy.js';

const thread: FoundThread = { inquiryId: 'inquiry', sideConversationId: null, by: 'response' };
const route = (reasons: AutomationReason[], over: Partial<Parameters<typeof routeOf>[0]> = {}) =>
  routeOf({
    automation: {
      reasons,
      isOwn: reasons.includes('own_address'),
      isAutomatic: reasons.some((one) => one !== 'own_address'),
    },
    thread: undefined,
    hasReplyTo: false,
    sentLastHour: 0,
    ...over,
  });

describe('The route of a mail', () => {
  it('opens something when nothing points back', () => {
    expect(route([])).toEqual({
      ...{ decision: 'new', inquiryId: null, sideConversationId: null },
      ...{ isAutomatic: false, reasons: [] },
    });
  });

  it('leads to the inquiry it answers', () => {
    expect(route([], { thread })).toMatchObject({ decision: 'reply', inquiryId: 'inquiry', isAutomatic: false });
  });

  it('leads to the side conversation it answers, and not to its inquiry', () => {
    const aside = { ...thread, sideConversationId: 'aside' };
    expect(route([], { thread: aside })).toMatchObject({
      decision: 'reply',
      inquiryId: null,
      sideConversationId: 'aside',
    });
    expect(route(['auto_submitted'], { thread: aside })).toMatchObject({
      decision: 'ignored',
      inquiryId: null,
      sideConversationId: 'aside',
    });
  });

  const machine: AutomationReason[] = [
    'auto_submitted',
    'auto_reply_header',
    'empty_return_path',
    'delivery_report',
    'disposition_notification',
    'complaint',
    'mailer_daemon',
    'own_address',
  ];
  const bulk: AutomationReason[] = ['list', 'precedence', 'auto_response_suppress', 'no_reply_sender'];

  it.each([...machine, ...bulk])('opens nothing for %s', (reason) => {
    expect(route([reason])).toMatchObject({ decision: 'ignored', inquiryId: null, isAutomatic: true });
  });

  it.each(machine)('does not re-open an inquiry for %s, and still says which it is about', (reason) => {
    expect(route([reason], { thread })).toMatchObject({ decision: 'ignored', inquiryId: 'inquiry', isAutomatic: true });
  });

  it.each(bulk)('lets a person answer behind %s, without an automatic answer', (reason) => {
    expect(route([reason], { thread })).toMatchObject({ decision: 'reply', isAutomatic: true });
  });

  it('lets a form speak for the person it names in Reply-To, but no list', () => {
    expect(route(['no_reply_sender'], { hasReplyTo: true })).toMatchObject({ decision: 'new', isAutomatic: true });
    expect(route(['no_reply_sender', 'list'], { hasReplyTo: true }).decision).toBe('ignored');
  });

  it('stops automatic answers to whoever writes more than a person does, and loses none of it', () => {
    expect(route([], { sentLastHour: MOST_MAILS_AN_HOUR - 1 }).isAutomatic).toBe(false);
    expect(route([], { sentLastHour: MOST_MAILS_AN_HOUR })).toEqual({
      decision: 'new',
      inquiryId: null,
      sideConversationId: null,
      isAutomatic: true,
      reasons: ['too_many_in_an_hour'],
    });
  });
});

describe('The sender of a mail', () => {
  const said = (server: string, dmarc: 'pass' | 'fail') => ({ server, dmarc, spf: null, dkim: null });

  it('is judged by the own server alone, and by its latest word', () => {
    const results = [said('mx.acme.example', 'fail'), said('mx.acme.example', 'pass'), said('mx.evil.example', 'pass')];
    expect(senderVerdict(ownResult(results, 'mx.acme.example'))).toBe('fail');
    expect(senderVerdict(ownResult(results, 'mx.other.example'))).toBeNull();
    expect(senderVerdict(ownResult([{ ...said('', 'pass') }], null))).toBeNull();
  });

  it.each<[Partial<AuthenticationResult>, Verdict | null]>([
    [{ dmarc: 'pass', spf: 'fail', dkim: 'fail' }, 'pass'],
    [{ dmarc: 'none', spf: 'fail', dkim: 'none' }, 'fail'],
    [{ dmarc: 'none', spf: 'fail', dkim: 'pass' }, 'none'],
    [{ dkim: 'fail' }, 'fail'],
    [{ spf: 'pass', dkim: 'fail' }, null],
    [{ spf: 'softfail' }, null],
  ])('is judged by SPF and DKIM where its domain has no policy: %j', (over, verdict) => {
    expect(senderVerdict({ server: 'mx', spf: null, dkim: null, dmarc: null, ...over })).toBe(verdict);
  });

  it('is answered at Reply-To only when it takes no replies itself', () => {
    const from = { name: '', address: 'noreply@acme.example' };
    const person = { name: 'Ann', address: 'ann@example.org' };
    expect(correspondentOf(['no_reply_sender'], from, [person])).toBe(person);
    expect(correspondentOf(['no_reply_sender'], from, [])).toBe(from);
    expect(correspondentOf([], from, [person])).toBe(from);
  });
});

describe('Two mails', () => {
  it('are never taken for copies when neither says which it is nor when it was written', () => {
    const mail = { messageId: null, date: null, contentHash: 'same' };
    expect(contentHashOf(mail)).toBeNull();
    expect(contentHashOf({ ...mail, messageId: '<a@b>' })).toBe('same');
    expect(contentHashOf({ ...mail, date: new Date(0) })).toBe('same');
  });
});
