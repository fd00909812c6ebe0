import { InvalidTransition, newId } from '@app/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApprovalStageReached } from '../events.js';
import type { Stage } from '../policies/stage.js';
import { aPolicy, aRequest, aStage } from '../testing.js';
import { AlreadyDecided, VoiceGiven } from './approval.errors.js';

const now = new Date('2026-11-02T09:00:00Z');
const seen = { revision: 1, contentHash: 'hash of 1' };
const people = Array.from({ length: 12 }, () => newId());

const stages = fc.array(
  fc.integer({ min: 1, max: 4 }).map((required) => aStage(required)),
  {
    minLength: 1,
    maxLength: 4,
  },
);
const voices = fc.array(
  fc.record({
    by: fc.constantFrom(...people),
    decision: fc.constantFrom('approved' as const, 'approved' as const, 'approved' as const, 'rejected' as const),
  }),
  { maxLength: 40 },
);

/** What the stages say, told once more in the plainest way. */
function outcomeOf(policy: readonly Stage[], given: readonly { by: string; decision: string }[]) {
  const heard = new Set<string>();
  const needed = policy.reduce((sum, { required }) => sum + required, 0);
  for (const { by, decision } of given) {
    if (heard.has(by)) continue;
    heard.add(by);
    if (decision === 'rejected') return { status: 'rejected', decidedBy: by };
    if (heard.size === needed) return { status: 'approved', decidedBy: by };
  }
  return { status: 'pending', decidedBy: undefined, heard: heard.size };
}

describe('The stages of an approval', () => {
  it('end as the voices say that count, each person once, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(stages, voices, (policy, given) => {
        const request = aRequest({ policy: aPolicy(...policy) });
        for (const { by, decision } of given) {
          try {
            request.decide(decision, seen, by, 'Because.', now);
          } catch (error) {
            expect(error instanceof VoiceGiven || error instanceof AlreadyDecided).toBe(true);
          }
        }
        const { status, decidedBy } = outcomeOf(policy, given);
        expect(request).toMatchObject({ status });
        expect(request.decidedBy).toBe(decidedBy);
        expect(new Set(request.decided).size).toBe(request.decided.length);
      }),
      { numRuns: 500 },
    );
  });

  it('begin one after the other, each when enough have agreed at the one before', () => {
    fc.assert(
      fc.property(stages, (policy) => {
        const request = aRequest({ policy: aPolicy(...policy) });
        const everybody = policy.flatMap(({ required }, at) => Array.from({ length: required }, () => at + 1));
        const counted = everybody.map((stage) => {
          expect(request).toMatchObject({ status: 'pending', stage, stages: policy.length });
          expect(request.missing).toBeGreaterThan(0);
          return request.decide('approved', seen, newId(), null, now).stage;
        });
        expect(counted).toEqual(everybody);
        expect(request).toMatchObject({ status: 'approved', stage: policy.length, missing: 0 });
        const reached = request.releaseEvents().filter(({ type }) => type === ApprovalStageReached.name);
        expect(reached.map(({ payload }) => (payload as { stage: number }).stage)).toEqual(
          policy.slice(1).map((_, at) => at + 2),
        );
      }),
    );
  });

  it('are those of the policy that it was asked for under', () => {
    const [lawyer, role] = [newId(), newId()];
    const policy = aPolicy(aStage(1, { kind: 'users', ids: [lawyer] }), aStage(2, { kind: 'role', ids: [role] }));
    const request = aRequest({ policy });
    expect(request).toMatchObject({ approverKind: 'users', approverIds: [lawyer], required: 1, missing: 1, policy });
    request.decide('approved', seen, lawyer, null, now);
    expect(request).toMatchObject({ approverKind: 'role', approverIds: [role], required: 2, missing: 2, stage: 2 });
  });

  it('are none where a rule asks for nobody: then it is waived, and says by which rule', () => {
    const request = aRequest({ policy: aPolicy() });
    expect(request).toMatchObject({ status: 'waived', missing: 0 });
    expect(request.decidedBy).toBeUndefined();
    expect(() => request.decide('approved', seen, newId(), null, now)).toThrow(InvalidTransition);
  });
});
