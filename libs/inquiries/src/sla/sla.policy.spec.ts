import { describe, expect, it } from 'vitest';
import { policyFor, type Standing, wishesFor } from './sla.policy.js';

const AT = new Date('2026-11-02T09:00:00Z');
const standing = (over: Partial<Standing> = {}): Standing => ({
  status: 'open',
  statusBeforeSpam: null,
  firstRespondedAt: null,
  awaitsAnswerSince: AT,
  deletedAt: null,
  ...over,
});
const policy = (name: string, over: object = {}) => ({
  name,
  position: 1,
  isDefault: false,
  priorities: [] as string[],
  categories: [] as string[],
  levels: [] as string[],
  ...over,
});

describe('The policy for an inquiry', () => {
  const asked = { priority: 'urgent', category: 'billing', level: null } as const;

  it('is the first by position that is for it, and the default one for the rest', () => {
    const policies = [
      policy('default', { isDefault: true, position: 0 }),
      policy('late', { position: 9 }),
      policy('urgent', { position: 2, priorities: ['urgent', 'high'] }),
      policy('gold', { position: 1, levels: ['gold'] }),
    ];
    expect(policyFor(policies, asked)?.name).toBe('urgent');
    expect(policyFor(policies, { ...asked, level: 'gold' })?.name).toBe('gold');
    expect(policyFor(policies.slice(0, 1), asked)?.name).toBe('default');
  });

  it('is not one for a category when the inquiry has none', () => {
    expect(policyFor([policy('billing', { categories: ['billing'] })], { ...asked, category: null })).toBeUndefined();
  });
});

describe('The clocks of an inquiry', () => {
  const wishes = (over: Partial<Standing>, pausesIn: string[] = ['pending_customer']) => {
    const { first_response, next_response, resolution } = wishesFor(standing(over), pausesIn);
    return [first_response, next_response, resolution];
  };

  it.each<[string, Partial<Standing>, string[]]>([
    ['wait for a first answer', {}, ['run', 'none', 'run']],
    ['wait for the next answer', { firstRespondedAt: AT }, ['met', 'run', 'run']],
    ['are kept by an answer', { firstRespondedAt: AT, awaitsAnswerSince: null }, ['met', 'met', 'run']],
    ['stand still where the policy says so', { status: 'pending_customer' }, ['pause', 'none', 'pause']],
    ['run on where it does not', { status: 'on_hold' }, ['run', 'none', 'run']],
    ['wait for no answer once resolved', { status: 'resolved' }, ['cancel', 'none', 'met']],
    ['stand still in spam', { status: 'spam', statusBeforeSpam: 'open' }, ['pause', 'none', 'pause']],
    [
      'stay kept in spam',
      { status: 'spam', statusBeforeSpam: 'closed', firstRespondedAt: AT },
      ['met', 'cancel', 'met'],
    ],
    ['end with a merge', { status: 'merged', statusBeforeMerge: 'open' }, ['cancel', 'none', 'cancel']],
    [
      'stay kept after a merge',
      { status: 'merged', statusBeforeMerge: 'resolved', firstRespondedAt: AT },
      ['met', 'cancel', 'met'],
    ],
    ['stand still in the trash', { deletedAt: AT }, ['pause', 'none', 'pause']],
  ])('%s', (_, over, expected) => {
    expect(wishes(over)).toEqual(expected);
  });
});
