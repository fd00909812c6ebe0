import { describe, expect, it } from 'vitest';
import { type Candidate, judge, type Occasion } from './distribution.policy.js';

const person = (userId: string, over: Partial<Candidate> = {}): Candidate => ({
  ...{ userId, open: 0, capacity: null, skills: [], lastGivenAt: null, isActive: true, isAway: false },
  ...over,
});
const at = (minute: number) => new Date(Date.UTC(2031, 2, 3, 9, minute));
const choose = (people: Candidate[], over: Partial<Occasion> = {}) =>
  judge(people, { strategy: 'round_robin', skill: null, isOpen: true, former: null, ...over }).map(
    ({ userId, refusal }) => (refusal ? `${userId}: ${refusal}` : userId),
  );

describe('Whoever gets the next inquiry', () => {
  it('in turn is who has waited longest, and first who has had none', () => {
    const people = [person('a', { lastGivenAt: at(2) }), person('b', { lastGivenAt: at(1) }), person('c'), person('d')];
    expect(choose(people)).toEqual(['c', 'd', 'b', 'a']);
    expect(choose(people.toReversed())).toEqual(['c', 'd', 'b', 'a']);
  });

  it('by load is who has the fewest, and of these who has waited longest', () => {
    const people = [person('a', { open: 1, lastGivenAt: at(2) }), person('b', { open: 2 }), person('c', { open: 1 })];
    expect(choose(people, { strategy: 'least_loaded' })).toEqual(['c', 'a', 'b']);
  });

  it('is nobody who is full, away or gone, and each is told why', () => {
    const people = [
      person('a', { open: 3, capacity: 3 }),
      person('b', { isAway: true }),
      person('c', { isActive: false, isAway: true }),
      person('d', { open: 2, capacity: 3 }),
      person('e', { capacity: 0 }),
    ];
    expect(choose(people)).toEqual(['d', 'a: full', 'b: away', 'c: inactive', 'e: full']);
  });

  it('has the skill where one is asked for', () => {
    const people = [person('a'), person('b', { skills: ['billing', 'returns'] })];
    expect(choose(people, { skill: 'billing' })).toEqual(['b', 'a: lacks_skill']);
    expect(choose(people, { skill: null })).toEqual(['a', 'b']);
  });

  it('is not who gave it back', () => {
    expect(choose([person('a'), person('b')], { former: 'a' })).toEqual(['b', 'a: gave_it_back']);
  });

  it('is nobody outside of working hours', () => {
    expect(choose([person('a'), person('b')], { isOpen: false })).toEqual(['a: off_hours', 'b: off_hours']);
  });
});
