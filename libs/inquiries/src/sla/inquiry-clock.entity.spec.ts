import { daily, local, someHours } from '@app/calendars/testing';
import { newId } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { InquiryClock, type Terms } from './inquiry-clock.entity.js';

const HOUR = 3600;
const OFFICE = someHours();
const ROUND_THE_CLOCK = someHours({ week: daily('00:00-24:00') });
const terms = (over: Partial<Terms> = {}): Terms => ({
  policyId: newId(),
  target: 4 * HOUR,
  warnFraction: 0.8,
  escalation: [],
  calendarId: null,
  teamId: null,
  ...over,
});
const of = { inquiryId: newId(), kind: 'resolution' } as const;
const start = (at: string, over: Partial<Terms> = {}): InquiryClock =>
  InquiryClock.start(of, terms(over), local(at), OFFICE);
const told = (clock: InquiryClock): string[] => clock.releaseEvents().map(({ type }) => type);
const ESCALATED = 'inquiries.escalated';
const LADDER = [
  { after: 0.8, action: 'notify' },
  { after: 1, action: 'reassign_to_lead' },
  { after: 2, action: 'reassign_to_manager' },
] as const;
const WARNED = 'inquiries.sla-warned';
const BREACHED = 'inquiries.sla-breached';

describe('A promise', () => {
  it('warns and breaks once each, however often it is looked at', () => {
    const clock = start('2026-11-02T09:00');
    for (const at of ['12:11', '12:12', '12:13']) clock.check(local(`2026-11-02T${at}`));
    expect(told(clock)).toEqual([WARNED]);
    expect(clock.nextCheck).toEqual(local('2026-11-02T13:00'));
    for (const at of ['12:59', '13:00', '13:01', '16:00']) clock.check(local(`2026-11-02T${at}`));
    expect(told(clock)).toEqual([BREACHED]);
    expect(clock).toMatchObject({ state: 'breached', breachedAt: local('2026-11-02T13:00'), nextCheck: null });
  });

  it('tells both when the timer comes far too late', () => {
    const clock = start('2026-11-02T09:00');
    clock.check(local('2026-11-05T09:00'));
    expect(told(clock)).toEqual([WARNED, BREACHED]);
  });

  it('is broken although it was kept before the timer came, when it was kept too late', () => {
    const clock = start('2026-11-02T09:00');
    clock.follow('met', local('2026-11-02T13:00'), OFFICE);
    expect(told(clock)).toEqual([WARNED, BREACHED]);
    expect(clock).toMatchObject({ state: 'breached', stoppedAt: local('2026-11-02T13:00') });
  });

  it('tells nothing any more once it is kept', () => {
    const clock = start('2026-11-02T09:00');
    clock.follow('met', local('2026-11-02T10:00'), OFFICE);
    clock.check(local('2026-11-09T10:00'));
    expect(told(clock)).toEqual([]);
    expect(clock).toMatchObject({ state: 'met', usedSeconds: HOUR, nextCheck: null });
  });

  it('stands still and goes on with what is left', () => {
    const clock = start('2026-11-02T09:00');
    clock.follow('pause', local('2026-11-02T10:00'), OFFICE);
    expect(clock).toMatchObject({ state: 'paused', dueAt: null, nextCheck: null });
    clock.follow('run', local('2026-11-02T12:00'), OFFICE);
    expect(clock).toMatchObject({ state: 'running', dueAt: local('2026-11-02T15:00'), pausedSeconds: 2 * HOUR });
  });

  it('goes on where it stood when what was resolved is re-opened', () => {
    const clock = start('2026-11-02T09:00');
    clock.follow('met', local('2026-11-02T12:00'), OFFICE);
    clock.follow('run', local('2026-11-03T09:00'), OFFICE);
    expect(clock).toMatchObject({
      state: 'running',
      stoppedAt: null,
      dueAt: local('2026-11-03T10:00'),
      pausedSeconds: 5 * HOUR,
    });
  });

  it('raised to a shorter target keeps what is used up', () => {
    const clock = start('2026-11-02T09:00', { target: 8 * HOUR });
    clock.adopt(terms({ target: 6 * HOUR }), local('2026-11-02T13:00'), OFFICE, OFFICE);
    expect(clock).toMatchObject({ target: 6 * HOUR, usedSeconds: 4 * HOUR, dueAt: local('2026-11-02T15:00') });
    expect(told(clock)).toEqual([]);
  });

  it('raised to a target that is used up already breaks now and not in the past', () => {
    const clock = start('2026-11-02T09:00', { target: 8 * HOUR });
    clock.adopt(terms({ target: HOUR }), local('2026-11-02T13:00'), OFFICE, OFFICE);
    expect(clock).toMatchObject({ state: 'breached', dueAt: local('2026-11-02T13:00') });
    expect(told(clock)).toEqual([WARNED, BREACHED]);
  });

  it('stays broken when more time is promised afterwards', () => {
    const clock = start('2026-11-02T09:00');
    clock.adopt(terms({ target: 80 * HOUR }), local('2026-11-02T14:00'), OFFICE, OFFICE);
    expect(clock).toMatchObject({ state: 'breached', dueAt: local('2026-11-02T13:00') });
    clock.check(local('2026-12-02T14:00'));
    expect(told(clock)).toEqual([WARNED, BREACHED]);
  });

  it('under another team’s hours keeps what was counted under the former', () => {
    const clock = start('2026-11-02T16:00', { target: 2 * HOUR });
    clock.adopt(terms({ target: 2 * HOUR, teamId: newId() }), local('2026-11-02T17:30'), OFFICE, ROUND_THE_CLOCK);
    expect(clock).toMatchObject({ usedSeconds: HOUR, dueAt: local('2026-11-02T18:30') });
  });

  it('counts the running stretch anew when its hours were changed', () => {
    const clock = start('2026-11-02T16:00', { target: 2 * HOUR });
    clock.recount(local('2026-11-02T16:30'), someHours({ holidays: [{ date: '2026-11-03' }] }));
    expect(clock.dueAt).toEqual(local('2026-11-04T10:00'));
    expect(told(clock)).toEqual([]);
  });

  it('that longer hours have used up breaks now and not in the past', () => {
    const clock = start('2026-11-02T16:00', { target: 2 * HOUR });
    clock.recount(local('2026-11-02T20:00'), ROUND_THE_CLOCK);
    expect(clock).toMatchObject({ state: 'breached', dueAt: local('2026-11-02T20:00') });
  });
});

describe('The escalation of a promise', () => {
  const steps = (clock: InquiryClock): unknown[] =>
    clock
      .releaseEvents()
      .flatMap(({ type, payload }) => (type === ESCALATED ? (payload as { step: number }).step : []));
  const late = (at: string): InquiryClock => start(at, { escalation: LADDER });
  const look = (clock: InquiryClock, at: string, hours = OFFICE): unknown[] => {
    clock.check(local(at));
    clock.escalate(local(at), hours);
    return steps(clock);
  };

  it('goes on after the breach, by business hours, each step once', () => {
    const clock = late('2026-11-02T09:00');
    expect(clock.escalatesAt).toEqual(local('2026-11-02T12:12'));
    expect(look(clock, '2026-11-02T12:11')).toEqual([]);
    expect(look(clock, '2026-11-02T12:12')).toEqual([1]);
    expect(clock.nextCheck).toEqual(local('2026-11-02T13:00'));
    expect(look(clock, '2026-11-02T13:00')).toEqual([2]);
    expect(clock.nextCheck).toEqual(local('2026-11-02T17:00'));
    expect(look(clock, '2026-11-02T16:59')).toEqual([]);
    expect(look(clock, '2026-11-03T08:00')).toEqual([3]);
    expect(look(clock, '2026-11-30T12:00')).toEqual([]);
    expect(clock.nextCheck).toBeNull();
  });

  it('tells all that was missed when the timer comes far too late', () => {
    expect(look(late('2026-11-02T09:00'), '2026-11-09T09:00')).toEqual([1, 2, 3]);
  });

  it('stands still with its clock, also after the breach', () => {
    const clock = late('2026-11-02T09:00');
    look(clock, '2026-11-02T13:00');
    clock.follow('pause', local('2026-11-02T14:00'), OFFICE);
    expect([clock.escalatesAt, clock.nextCheck]).toEqual([null, null]);
    clock.follow('run', local('2026-11-04T09:00'), OFFICE);
    expect(clock.escalatesAt).toEqual(local('2026-11-04T12:00'));
  });

  it('ends with the answer, and tells no step that came due unseen before it', () => {
    const clock = late('2026-11-02T09:00');
    clock.follow('met', local('2026-11-02T13:30'), OFFICE);
    expect(steps(clock)).toEqual([]);
    expect([clock.escalatesAt, clock.state]).toEqual([null, 'breached']);
  });

  it('follows a holiday that is added, also after the breach', () => {
    const clock = late('2026-11-02T16:00');
    look(clock, '2026-11-03T12:00');
    expect(clock.escalatesAt).toEqual(local('2026-11-03T16:00'));
    clock.recount(local('2026-11-03T12:30'), someHours({ holidays: [{ date: '2026-11-03' }] }));
    expect(steps(clock)).toEqual([]);
    expect(clock.escalatesAt).toEqual(local('2026-11-04T16:00'));
  });

  it('follows another policy: what is behind stays behind, what is due already is told at once', () => {
    const clock = late('2026-11-02T09:00');
    look(clock, '2026-11-02T12:12');
    const shorter = [LADDER[0], { after: 1.5, action: 'reassign_to_manager' }] as const;
    clock.adopt(terms({ target: 2 * HOUR, escalation: shorter }), local('2026-11-02T12:30'), OFFICE, OFFICE);
    expect(steps(clock)).toEqual([2]);
    clock.adopt(terms({ escalation: [] }), local('2026-11-02T12:40'), OFFICE, OFFICE);
    expect(clock.escalatesAt).toBeNull();
  });
});
