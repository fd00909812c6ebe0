import { describe, expect, it } from 'vitest';
import type { Task } from '../tasks/task.entity.js';
import { aTask } from '../testing.js';
import { NothingToSkip, RecurrenceNeedsDue } from './recurrence.errors.js';
import { type RecurrenceWish, TaskRecurrence } from './recurrence.entity.js';
import { nextMorning } from './recurrences.service.js';

const NOW = new Date('2026-11-02T09:00:00Z');
const ZONE = 'Europe/Berlin';
const at = (text: string): Date => new Date(text);

const wish = (rule: string, over: Partial<RecurrenceWish> = {}): RecurrenceWish => ({
  ...{ rule, basis: 'due', catchUp: 'all' },
  ...over,
});
const weekly = (over: Partial<RecurrenceWish> = {}): TaskRecurrence =>
  TaskRecurrence.begin(aTask({ dueAt: at('2026-11-02T08:00:00Z') }), wish('FREQ=WEEKLY', over), NOW);

/** What comes until then, as it looks at `now`. */
const come = (recurrence: TaskRecurrence, horizon: string, now = NOW, most = 50): Task[] =>
  recurrence.come({ horizon: at(horizon), now, most }, () => true);
const dues = (tasks: Task[]): (string | undefined)[] => tasks.map(({ dueAt }) => dueAt?.toISOString());

describe('A recurring task', () => {
  it('comes on each of its days, at the same time on the wall over a clock change', () => {
    const recurrence = TaskRecurrence.begin(aTask({ dueAt: at('2027-03-26T05:00:00Z') }), wish('FREQ=DAILY'), NOW);
    expect(dues(come(recurrence, '2027-03-30T12:00:00Z'))).toEqual([
      '2027-03-27T05:00:00.000Z',
      '2027-03-28T04:00:00.000Z',
      '2027-03-29T04:00:00.000Z',
      '2027-03-30T04:00:00.000Z',
    ]);
  });

  it('comes once at 02:30 of a night that has no such time, and once of one that has it twice', () => {
    const weeklyAt = (first: string) => TaskRecurrence.begin(aTask({ dueAt: at(first) }), wish('FREQ=WEEKLY'), NOW);
    expect(dues(come(weeklyAt('2027-03-21T01:30:00Z'), '2027-04-05T00:00:00Z'))).toEqual([
      '2027-03-28T01:30:00.000Z',
      '2027-04-04T00:30:00.000Z', // at 02:30 again
    ]);
    expect(dues(come(weeklyAt('2027-10-24T00:30:00Z'), '2027-11-08T00:00:00Z'))).toEqual([
      '2027-10-31T00:30:00.000Z',
      '2027-11-07T01:30:00.000Z',
    ]);
  });

  it('looks like its first, with nothing ticked and without those who left', () => {
    const first = aTask({
      ...{ dueOn: '2026-11-02', priority: 'high', assignees: ['a', 'b'], links: [{ kind: 'customers', id: 'c' }] },
      checklist: [{ text: 'One', isDone: true }],
    });
    const recurrence = TaskRecurrence.begin(first, wish('FREQ=DAILY'), NOW);
    const [next] = recurrence.come({ horizon: at('2026-11-04T00:00:00Z'), now: NOW, most: 1 }, (id) => id === 'b');
    expect(next).toMatchObject({
      ...{ title: first.title, priority: 'high', dueOn: '2026-11-03', dueAt: at('2026-11-03T22:59:59Z'), zone: ZONE },
      ...{ assignees: ['b'], links: first.links, checklist: [{ text: 'One', isDone: false }], status: 'todo' },
      ...{ recurrenceId: recurrence.id, occurrence: '2026-11-03', createdBy: first.createdBy },
    });
  });

  it('comes no earlier than it is due, and a batch at a time', () => {
    const recurrence = weekly();
    expect(come(recurrence, '2026-11-09T08:00:00Z')).toEqual([]);
    expect(come(recurrence, '2026-12-24T00:00:00Z', NOW, 2)).toHaveLength(2);
    expect(dues(come(recurrence, '2026-12-01T00:00:00Z', NOW, 2))).toEqual([
      '2026-11-23T08:00:00.000Z',
      '2026-11-30T08:00:00.000Z',
    ]);
  });

  it('makes up for all that it missed, or for the latest alone', () => {
    const now = at('2026-11-26T09:00:00Z');
    expect(come(weekly(), '2026-11-27T05:00:00Z', now)).toHaveLength(3);
    const latest = weekly({ catchUp: 'latest' });
    expect(dues(come(latest, '2026-11-27T05:00:00Z', now))).toEqual(['2026-11-23T08:00:00.000Z']);
    expect(latest.nextOn).toBe('2026-11-30');
  });

  it('ends with its rule', () => {
    const recurrence = weekly({ rule: 'FREQ=WEEKLY;COUNT=3' });
    expect(come(recurrence, '2030-01-01T00:00:00Z')).toHaveLength(2);
    expect(recurrence).toMatchObject({ nextOn: null, nextDueAt: null, endedAt: NOW });
    expect(recurrence.releaseEvents()).toMatchObject([{ type: 'tasks.recurrence-ended' }]);
  });

  it('leaves one out when asked to, and comes no more when it is ended', () => {
    const recurrence = weekly();
    recurrence.skipNext(NOW);
    expect(recurrence.nextOn).toBe('2026-11-16');
    recurrence.end(NOW);
    expect(come(recurrence, '2030-01-01T00:00:00Z')).toEqual([]);
    expect(() => recurrence.skipNext(NOW)).toThrow(NothingToSkip);
  });

  it('goes on by another rule and as another task from one of them on; no day comes twice', () => {
    const recurrence = weekly();
    const [second] = come(recurrence, '2026-11-10T00:00:00Z');
    second!.amend({ title: 'Call Noah back', dueAt: at('2026-11-10T15:00:00Z') });
    recurrence.beginAnew(second!, second!, wish('FREQ=DAILY;COUNT=3'), NOW);
    const rest = come(recurrence, '2030-01-01T00:00:00Z');
    expect(dues(rest)).toEqual(['2026-11-11T15:00:00.000Z', '2026-11-12T15:00:00.000Z']);
    expect(rest[0]!.title).toBe('Call Noah back');
    recurrence.beginAnew(second!, rest[1]!, wish('FREQ=DAILY'), NOW);
    expect(recurrence).toMatchObject({ nextOn: '2026-11-13', endedAt: null });
  });

  it('cannot come where nothing is due', () => {
    expect(() => TaskRecurrence.begin(aTask(), wish('FREQ=DAILY'), NOW)).toThrow(RecurrenceNeedsDue);
  });

  describe('by completion', () => {
    const begin = (rule: string): { first: Task; recurrence: TaskRecurrence } => {
      const first = aTask({ dueAt: at('2026-11-02T08:00:00Z') });
      return { first, recurrence: TaskRecurrence.begin(first, wish(rule, { basis: 'completion' }), NOW) };
    };

    it('waits until the last one is over, and reckons from then', () => {
      const { first, recurrence } = begin('FREQ=DAILY;INTERVAL=3');
      expect(come(recurrence, '2030-01-01T00:00:00Z')).toEqual([]);
      expect(() => recurrence.skipNext(NOW)).toThrow(NothingToSkip);
      recurrence.goOnAfter(first.id, at('2026-11-06T23:30:00Z')); // the 7th in Berlin
      const [second] = come(recurrence, '2030-01-01T00:00:00Z');
      expect(second).toMatchObject({ occurrence: '2026-11-10', dueAt: at('2026-11-10T08:00:00Z') });
    });

    it('comes once, however often the last one is re-opened and done again', () => {
      const { first, recurrence } = begin('FREQ=WEEKLY');
      recurrence.goOnAfter(first.id, at('2026-11-03T09:00:00Z'));
      recurrence.goOnAfter(first.id, at('2026-11-05T09:00:00Z'));
      expect(come(recurrence, '2030-01-01T00:00:00Z')).toHaveLength(1);
      recurrence.goOnAfter(first.id, at('2026-11-06T09:00:00Z'));
      expect(come(recurrence, '2030-01-01T00:00:00Z')).toEqual([]);
    });

    it('comes on a day of its own, also when the last one was done before it was due', () => {
      const { first, recurrence } = begin('FREQ=DAILY');
      recurrence.goOnAfter(first.id, at('2026-10-30T09:00:00Z'));
      expect(recurrence.nextOn).toBe('2026-11-03');
    });

    it('goes on after one that is left out, from the day of that one', () => {
      const { first, recurrence } = begin('FREQ=WEEKLY;COUNT=4');
      recurrence.goOnAfter(first.id, at('2026-11-03T09:00:00Z'));
      recurrence.skipNext(NOW);
      expect(recurrence).toMatchObject({ lastOn: '2026-11-10', nextOn: '2026-11-17', endedAt: null });
      recurrence.skipNext(NOW);
      recurrence.skipNext(NOW);
      expect(recurrence).toMatchObject({ nextOn: null, endedAt: NOW });
    });

    it('goes on at once from a task that is over already', () => {
      const done = aTask({ dueAt: at('2026-11-02T08:00:00Z') });
      done.moveTo('done', null, at('2026-11-04T09:00:00Z'));
      const byCompletion = wish('FREQ=DAILY', { basis: 'completion' });
      expect(TaskRecurrence.begin(done, byCompletion, NOW).nextOn).toBe('2026-11-05');
      const recurrence = weekly();
      const [second] = come(recurrence, '2026-11-10T00:00:00Z');
      recurrence.beginAnew(done, second!, byCompletion, NOW);
      expect(recurrence).toMatchObject({ nextOn: null, latestTaskId: second!.id });
      second!.trash(second!.createdBy, at('2026-11-12T09:00:00Z'));
      recurrence.beginAnew(done, second!, byCompletion, NOW);
      expect(recurrence.nextOn).toBe('2026-11-13');
    });

    it('ends after so many', () => {
      const { first, recurrence } = begin('FREQ=DAILY;COUNT=2');
      recurrence.goOnAfter(first.id, at('2026-11-02T09:00:00Z'));
      const [second] = come(recurrence, '2030-01-01T00:00:00Z');
      recurrence.goOnAfter(second!.id, at('2026-11-03T09:00:00Z'));
      expect(recurrence.endedAt).toEqual(at('2026-11-03T09:00:00Z'));
    });
  });
});

describe('The next morning', () => {
  it('begins at six on the wall, over a clock change too', () => {
    expect(nextMorning(at('2027-03-27T04:59:59Z'), ZONE)).toEqual(at('2027-03-27T05:00:00Z'));
    expect(nextMorning(at('2027-03-27T05:00:00Z'), ZONE)).toEqual(at('2027-03-28T04:00:00Z'));
    expect(nextMorning(at('2027-10-30T20:00:00Z'), ZONE)).toEqual(at('2027-10-31T05:00:00Z'));
    expect(nextMorning(at('2027-03-27T22:00:00Z'), 'Asia/Tokyo')).toEqual(at('2027-03-28T21:00:00Z'));
  });
});
