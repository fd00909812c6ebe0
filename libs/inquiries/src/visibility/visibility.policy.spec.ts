import { newId, systemActor } from '@app/kernel';
import { anActor } from '@app/platform/testing';
import { describe, expect, it } from 'vitest';
import { readsAsked, readsWords, type Said } from './visibility.policy.js';

const [TEAM, BELOW, ELSEWHERE] = [newId(), newId(), newId()];
const reader = anActor([], { teams: [TEAM] });
const lead = anActor([], { teams: [ELSEWHERE], reachedTeams: [ELSEWHERE, BELOW] });
const stranger = anActor([], { teams: [ELSEWHERE] });

const said = (over: Partial<Said> = {}): Said => ({
  ...{ visibility: 'participants', authorId: null, named: [], writers: [], watchers: [] },
  inquiries: [{ assignedTo: null, teamId: TEAM }],
  ...over,
});

describe('The words of a message', () => {
  it('are for everybody who reads the inquiry unless it says otherwise', () => {
    expect(readsWords(stranger, said({ visibility: 'all' }))).toBe(true);
  });

  it.each<[string, Partial<Said>]>([
    ['who wrote it', { authorId: stranger.id }],
    ['who is named on it', { named: [newId(), stranger.id] }],
    ['who had a hand in the answer that it is', { writers: [stranger.id] }],
    ['who watched by then', { watchers: [stranger.id] }],
    ['who has the inquiry', { inquiries: [{ assignedTo: stranger.id, teamId: null }] }],
    [
      'who has the inquiry that it was merged into',
      {
        inquiries: [
          { assignedTo: null, teamId: null },
          { assignedTo: stranger.id, teamId: null },
        ],
      },
    ],
  ])('are for %s, also where the team does not read them', (_, over) => {
    expect(readsWords(stranger, said(over))).toBe(true);
    expect(readsWords(stranger, said({ ...over, visibility: 'team' }))).toBe(true);
    expect(readsWords(reader, said(over))).toBe(false);
  });

  it('are for the team and for whoever reaches it by teams below, where it says so', () => {
    expect(readsWords(reader, said({ visibility: 'team' }))).toBe(true);
    expect(readsWords(stranger, said({ visibility: 'team' }))).toBe(false);
    const below = said({ visibility: 'team', inquiries: [{ assignedTo: null, teamId: BELOW }] });
    expect([readsWords(lead, below), readsWords(reader, below)]).toEqual([true, false]);
  });

  it('of an inquiry of no team are for no team', () => {
    const nobodys = said({ visibility: 'team', inquiries: [{ assignedTo: null, teamId: null }] });
    expect(readsWords(reader, nobodys)).toBe(false);
  });

  it('are for the system, which sends and counts', () => {
    expect(readsWords(systemActor(newId(), 'inquiries.test'), said())).toBe(true);
  });
});

describe('What an inquiry repeats of its first message', () => {
  const row = { visibility: 'participants', assignedTo: null, teamId: TEAM } as const;

  it('is shown by its row alone to whoever has it, and to its team where that may', () => {
    expect(readsAsked(stranger, { ...row, visibility: 'all' })).toBe(true);
    expect(readsAsked(stranger, { ...row, assignedTo: stranger.id })).toBe(true);
    expect([readsAsked(reader, row), readsAsked(reader, { ...row, visibility: 'team' })]).toEqual([false, true]);
  });
});
