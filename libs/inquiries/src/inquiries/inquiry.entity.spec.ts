import { InvalidTransition, newId } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { A_MOMENT, anInquiry } from '../testing.js';
import type { Inquiry } from './inquiry.entity.js';
import {
  AlreadyTaken,
  HoldNeedsReason,
  InquiryIsMerged,
  MergedWithItself,
  MergeIsFinal,
  NothingToDo,
  NotMergeable,
  NotMerged,
  NotSnoozed,
  SnoozeOutOfRange,
} from './inquiry.errors.js';
import { daysAfter, INQUIRY_STATES, type InquiryStatus, referenceOf, STATUSES } from './inquiry.policy.js';

const LATER = daysAfter(A_MOMENT, 1);
const WAYS: Record<Exclude<InquiryStatus, 'spam' | 'merged'>, InquiryStatus[]> = {
  new: [],
  open: ['open'],
  pending_customer: ['pending_customer'],
  on_hold: ['on_hold'],
  resolved: ['open', 'resolved'],
  closed: ['open', 'resolved', 'closed'],
};

const move = (inquiry: Inquiry, to: InquiryStatus): void =>
  to === 'merged'
    ? inquiry.mergeInto(anInquiry(), A_MOMENT)
    : inquiry.moveTo(to, { reason: 'because', now: A_MOMENT, closeAfterDays: 7 });

function in_(status: InquiryStatus, before: keyof typeof WAYS = 'open'): Inquiry {
  const inquiry = anInquiry();
  const isDetour = status === 'spam' || status === 'merged';
  const way: readonly InquiryStatus[] = isDetour ? [...WAYS[before], status] : WAYS[status];
  for (const step of way) move(inquiry, step);
  inquiry.releaseEvents();
  return inquiry;
}

const refusal = (from: InquiryStatus, to: InquiryStatus, allowed: readonly InquiryStatus[]): unknown =>
  expect.objectContaining({ code: 'invalid_transition', details: { subject: 'inquiry', from, to, allowed } });

const facts = (inquiry: Inquiry): string[] => inquiry.releaseEvents().map(({ type }) => type);

describe('An inquiry', () => {
  const pairs = STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const)).filter(
    ([from]) => from !== 'spam' && from !== 'merged',
  );

  it.each(pairs.filter(([from, to]) => INQUIRY_STATES.allows(from, to)))('moves from %s to %s', (from, to) => {
    const inquiry = in_(from);
    move(inquiry, to);
    expect(inquiry.status).toBe(to);
    expect(facts(inquiry)).toContain('inquiries.status-changed');
  });

  it.each(pairs.filter(([from, to]) => !INQUIRY_STATES.allows(from, to)))('cannot move from %s to %s', (from, to) => {
    const inquiry = in_(from);
    expect(() => move(inquiry, to)).toThrow(refusal(from, to, INQUIRY_STATES.transitions[from]));
    expect(inquiry.status).toBe(from);
    expect(facts(inquiry)).toEqual([]);
  });

  const before = Object.keys(WAYS) as (keyof typeof WAYS)[];
  it.each(before.flatMap((from) => before.map((to) => [from, to] as const)))(
    'leaves spam, in which it came as %s, for %s only when it is that',
    (from, to) => {
      const inquiry = in_('spam', from);
      const { closesAt, holdReason } = inquiry;
      if (from !== to) {
        expect(() => move(inquiry, to)).toThrow(refusal('spam', to, [from]));
        return;
      }
      move(inquiry, to);
      expect(inquiry).toMatchObject({ status: from, statusBeforeSpam: null, closesAt, holdReason });
    },
  );

  it.each(['hold', 'reopen', 'resolve', 'close', 'awaitCustomer', 'resume'] as const)('in spam does not %s', (verb) => {
    const inquiry = in_('spam', 'new');
    const verbs = {
      hold: ['why'],
      reopen: [],
      resolve: [A_MOMENT, 7],
      close: [A_MOMENT],
      awaitCustomer: [],
      resume: [],
    };
    expect(() => (inquiry[verb] as (...given: unknown[]) => void)(...verbs[verb])).toThrow(InvalidTransition);
  });

  const mergeable = before.filter((status) => INQUIRY_STATES.allows(status, 'merged'));
  it.each(mergeable)('that is %s is merged into another one, and stands as it did once that is taken back', (from) => {
    const [inquiry, target] = [in_(from), in_('open')];
    const stood = { ...inquiry };
    inquiry.mergeInto(target, A_MOMENT);
    expect(inquiry).toMatchObject({ status: 'merged', mergedInto: target.id, mergedAt: A_MOMENT });
    expect(facts(inquiry)).toEqual(['inquiries.status-changed', 'inquiries.merged']);
    inquiry.unmerge(LATER);
    expect({ ...inquiry }).toEqual({ ...stood, statusBeforeMerge: null, mergedInto: null, mergedAt: null });
    expect(facts(inquiry)).toEqual(['inquiries.status-changed', 'inquiries.unmerged']);
    expect(facts(target)).toEqual([]);
  });

  it.each(STATUSES)('that is merged goes to %s by no other way', (to) => {
    const inquiry = in_('merged');
    expect(() => move(inquiry, to)).toThrow(InquiryIsMerged);
    expect(inquiry.status).toBe('merged');
  });

  it.each<[string, (inquiry: Inquiry) => unknown]>([
    ['edited', (inquiry) => inquiry.edit({ subject: 'Other' })],
    ['assigned', (inquiry) => inquiry.assign({ assignedTo: 'noah' })],
    ['given back', (inquiry) => inquiry.release()],
    ['answered', (inquiry) => inquiry.answer('response', LATER)],
    ['written to', (inquiry) => inquiry.receive(LATER)],
    ['written to by a machine', (inquiry) => inquiry.receive(LATER, true)],
    ['noted in', (inquiry) => inquiry.note('mira')],
    ['resumed', (inquiry) => inquiry.resume()],
    ['restored from spam', (inquiry) => inquiry.restoreFromSpam()],
    ['trashed', (inquiry) => inquiry.trash('mira', LATER)],
  ])('that is merged is not %s', (_, verb) => {
    const inquiry = in_('merged');
    const stood = { ...inquiry };
    expect(() => verb(inquiry)).toThrow(InquiryIsMerged);
    expect({ ...inquiry }).toEqual(stood);
    expect(facts(inquiry)).toEqual([]);
  });

  it('in the trash neither joins another one nor is joined', () => {
    const [trashed, other] = [anInquiry(), anInquiry()];
    trashed.trash(newId(), A_MOMENT);
    for (const [source, target] of [
      [trashed, other],
      [other, trashed],
    ] as const)
      expect(() => source.mergeInto(target, A_MOMENT)).toThrow(NotMergeable);
  });

  it('is merged neither into itself, nor into what is over, spam or merged', () => {
    const inquiry = in_('open');
    expect(() => inquiry.mergeInto(inquiry, A_MOMENT)).toThrow(MergedWithItself);
    for (const status of ['closed', 'spam'] as const)
      expect(() => inquiry.mergeInto(in_(status), A_MOMENT)).toThrow(NotMergeable);
    expect(() => inquiry.mergeInto(in_('merged'), A_MOMENT)).toThrow(InquiryIsMerged);
    expect(inquiry.status).toBe('open');
  });

  it('is taken out of a merge within 24 hours', () => {
    expect(() => in_('open').unmerge(A_MOMENT)).toThrow(NotMerged);
    const inquiry = in_('merged', 'on_hold');
    expect(() => inquiry.unmerge(new Date(LATER.getTime() + 1))).toThrow(MergeIsFinal);
    expect(inquiry.status).toBe('merged');
  });

  it('that is merged is not closed by its timer', () => {
    const inquiry = in_('merged', 'resolved');
    inquiry.closeWhenDue(daysAfter(A_MOMENT, 7), daysAfter(A_MOMENT, 7));
    expect(inquiry.status).toBe('merged');
  });

  it.each(['new', 'open', 'pending_customer', 'on_hold'] as const)('that is %s is snoozed, and wakes', (from) => {
    const inquiry = in_(from);
    inquiry.snooze(LATER, undefined, A_MOMENT);
    expect(inquiry).toMatchObject({ status: 'on_hold', snoozedUntil: LATER, holdReason: expect.any(String) });
    expect(facts(inquiry)).toContain('inquiries.snoozed');
    inquiry.wakeWhenDue(LATER);
    expect(inquiry).toMatchObject({ status: 'open', snoozedUntil: null, holdReason: null, reopenCount: 0 });
    expect(facts(inquiry)).toEqual(['inquiries.status-changed', 'inquiries.woken']);
  });

  it.each(['resolved', 'closed', 'spam'] as const)('that is %s is not snoozed', (from) => {
    expect(() => in_(from).snooze(LATER, 'later', A_MOMENT)).toThrow(InvalidTransition);
  });

  it('is snoozed for a year at most, and not into the past', () => {
    const inquiry = in_('open');
    for (const until of [A_MOMENT, daysAfter(A_MOMENT, 367), new Date(Number.NaN)])
      expect(() => inquiry.snooze(until, 'later', A_MOMENT)).toThrow(SnoozeOutOfRange);
    expect(() => inquiry.wake('staff')).toThrow(NotSnoozed);
    inquiry.hold('waiting for the carrier');
    expect(() => inquiry.wake('staff')).toThrow(NotSnoozed);
  });

  it('is woken by the timer of its last snooze only', () => {
    const inquiry = in_('open');
    inquiry.snooze(LATER, 'later', A_MOMENT);
    inquiry.snooze(daysAfter(A_MOMENT, 2), undefined, A_MOMENT);
    expect(inquiry.holdReason).toBe('later');
    inquiry.wakeWhenDue(LATER);
    expect(inquiry.status).toBe('on_hold');
    inquiry.receive(LATER);
    expect(inquiry).toMatchObject({ status: 'open', snoozedUntil: null, reopenCount: 1 });
    inquiry.hold('carrier');
    inquiry.wakeWhenDue(daysAfter(A_MOMENT, 2));
    expect(inquiry.status).toBe('on_hold');
  });

  it.each(['spam', 'merged'] as const)('that is snoozed is so again once it is back from %s', (to) => {
    const inquiry = in_('open');
    inquiry.snooze(LATER, 'later', A_MOMENT);
    move(inquiry, to);
    inquiry.wakeWhenDue(LATER);
    expect(inquiry.status).toBe(to);
    if (to === 'spam') inquiry.restoreFromSpam();
    else inquiry.unmerge(A_MOMENT);
    expect(inquiry).toMatchObject({ status: 'on_hold', snoozedUntil: LATER, holdReason: 'later' });
  });

  it('is put on hold for a reason, and resumed', () => {
    const inquiry = in_('open');
    expect(() => inquiry.hold('  ')).toThrow(HoldNeedsReason);
    inquiry.hold('waiting for the carrier');
    expect(inquiry.holdReason).toBe('waiting for the carrier');
    inquiry.resume();
    expect(inquiry).toMatchObject({ status: 'open', holdReason: null, reopenCount: 0 });
    expect(() => inquiry.resume()).toThrow(InvalidTransition);
  });

  it('is opened by whoever takes it', () => {
    const inquiry = anInquiry();
    inquiry.take('mira');
    expect(inquiry).toMatchObject({ status: 'open', assignedTo: 'mira' });
    expect(facts(inquiry)).toEqual(['inquiries.assigned', 'inquiries.status-changed']);
    inquiry.take('mira');
    expect(facts(inquiry)).toEqual([]);
    expect(() => inquiry.take('noah')).toThrow(AlreadyTaken);
  });

  it('is nobody’s work once closed or spam, and can still be given back', () => {
    for (const status of ['closed', 'spam'] as const) {
      const inquiry = in_(status);
      expect(() => inquiry.take('mira')).toThrow(NothingToDo);
      inquiry.release();
    }
  });

  it.each(['pending_customer', 'on_hold', 'resolved', 'closed'] as const)(
    'that is %s is re-opened by its customer',
    (status) => {
      const inquiry = in_(status);
      expect(inquiry.receive(LATER)).toBe(2);
      expect(inquiry).toMatchObject({
        status: 'open',
        reopenCount: 1,
        customerMessageCount: 2,
        lastCustomerMessageAt: LATER,
        closesAt: null,
        closedAt: null,
      });
      expect(facts(inquiry)).toEqual(['inquiries.customer-replied', 'inquiries.status-changed', 'inquiries.reopened']);
    },
  );

  it.each(['new', 'open'] as const)('that is %s takes a further message without being re-opened', (status) => {
    const inquiry = in_(status);
    inquiry.receive(LATER);
    expect(inquiry).toMatchObject({ status, reopenCount: 0, customerMessageCount: 2 });
    expect(facts(inquiry)).toEqual(['inquiries.customer-replied']);
  });

  it('takes a message quietly in spam, and of a machine', () => {
    const [spam, waiting] = [in_('spam'), in_('pending_customer')];
    expect([spam.receive(LATER), waiting.receive(LATER, true)]).toEqual([2, 2]);
    expect([spam.status, waiting.status]).toEqual(['spam', 'pending_customer']);
    expect([...facts(spam), ...facts(waiting)]).toEqual([]);
    expect(waiting).toMatchObject({ lastCustomerMessageAt: A_MOMENT, customerMessageCount: 1 });
  });

  it('is over when it has been closed for longer than the window, or is in the trash', () => {
    const inquiry = in_('closed');
    expect(inquiry.isOver(daysAfter(A_MOMENT, 14), 14)).toBe(false);
    expect(inquiry.isOver(new Date(daysAfter(A_MOMENT, 14).getTime() + 1), 14)).toBe(true);
    const open = in_('open');
    open.trash('mira', A_MOMENT);
    expect(open.isOver(A_MOMENT, 14)).toBe(true);
  });

  it.each([
    ['new', 'pending_customer'],
    ['open', 'pending_customer'],
    ['on_hold', 'pending_customer'],
    ['pending_customer', 'pending_customer'],
    ['resolved', 'resolved'],
    ['closed', 'closed'],
  ] as const)('that is %s is %s after an answer', (from, to) => {
    const inquiry = in_(from);
    expect(inquiry.answer('response', LATER)).toBe(2);
    expect(inquiry).toMatchObject({ status: to, firstRespondedAt: LATER, awaitsAnswerSince: null });
    expect(facts(inquiry)[0]).toBe('inquiries.answered');
  });

  it('is closed by the timer of its own resolution only', () => {
    const inquiry = in_('resolved');
    const due = daysAfter(A_MOMENT, 7);
    inquiry.closeWhenDue(LATER, LATER);
    expect(inquiry.status).toBe('resolved');
    inquiry.receive(LATER);
    inquiry.closeWhenDue(due, due);
    expect(inquiry.status).toBe('open');
    inquiry.resolve(LATER, 7);
    inquiry.closeWhenDue(due, due);
    expect(inquiry.status).toBe('resolved');
    inquiry.closeWhenDue(daysAfter(LATER, 7), due);
    expect(inquiry.status).toBe('closed');
  });

  it('shows the beginning of a long message', () => {
    expect(anInquiry({ message: 'x'.repeat(30_000) }).message).toHaveLength(20_000);
    expect(anInquiry({ message: `${'x'.repeat(19_999)}😀` }).message.isWellFormed()).toBe(true);
  });

  it('is written to people with six digits or more', () => {
    expect([7, 1_234_567].map(referenceOf)).toEqual(['INQ-000007', 'INQ-1234567']);
  });
});
