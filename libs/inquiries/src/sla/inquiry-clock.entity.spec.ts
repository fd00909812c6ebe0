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
  calendarId: null,
  teamId: null,
  ...over,
});
const of = { inquiryId: newId(), kind: 'resolution' } as const;
const start = (at: string, over: Partial<Terms> = {}): InquiryClock =>
  InquiryClock.start(of, terms(over), local(at), OFFICE);
const told = (clock: InquiryClock): string[] => clock.releaseEvents().map(({ type }) => type);
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
