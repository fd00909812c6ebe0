import { newId } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { aPolicy, aRequest, aStage } from '../testing.js';
import { seatsOf } from './seats.js';

const [ada, ben, cora] = [newId(), newId(), newId()].sort() as [string, string, string];
const users = (...ids: string[]) => aStage(1, { kind: 'users', ids });

describe('The seats of a stage', () => {
  it('are those of its policy while nobody leaves', () => {
    expect(seatsOf(users(ada, ben))).toEqual({ approverKind: 'users', approverIds: [ada, ben] });
    expect(seatsOf(aStage(1, { kind: 'team' }), [{ from: ada, to: ben }])).toEqual({
      approverKind: 'team',
      approverIds: [],
    });
  });

  it('pass to the delegate, and from there on', () => {
    const passed = [
      { from: ada, to: ben },
      { from: ben, to: cora },
    ];
    expect(seatsOf(users(ada), passed)).toEqual({ approverKind: 'users', approverIds: [cora] });
  });

  it('become the team’s without a delegate, or where the delegate has a seat already', () => {
    const opened = { approverKind: 'users_or_team', approverIds: [ben] };
    expect(seatsOf(users(ada, ben), [{ from: ada, to: null }])).toEqual(opened);
    expect(seatsOf(users(ada, ben), [{ from: ada, to: ben }])).toEqual(opened);
  });

  it('are kept for the stages to come', () => {
    const request = aRequest({ policy: aPolicy(aStage(), users(ada)) });
    request.reroute(ada, ben);
    expect(request).toMatchObject({ approverKind: 'anyone', named: [ben], replaced: [{ from: ada, to: ben }] });
    request.decide('approved', { revision: 1 }, newId(), null, new Date());
    expect(request).toMatchObject({ stage: 2, approverKind: 'users', approverIds: [ben] });
  });

  it('do not pass to who had a hand in it, or has spoken', () => {
    const written = aRequest({ policy: aPolicy(users(ada)), requestedBy: ben });
    written.reroute(ada, ben);
    expect(written).toMatchObject({ approverKind: 'users_or_team', approverIds: [], named: [] });
    const spoken = aRequest({ policy: aPolicy(aStage(), users(ada)) });
    spoken.decide('approved', { revision: 1 }, ben, null, new Date());
    spoken.reroute(ada, ben);
    expect(spoken).toMatchObject({ approverKind: 'users_or_team', approverIds: [] });
  });
});
