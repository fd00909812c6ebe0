import { InvalidTransition, newId } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { ApprovalGranted, ApprovalRejected, ApprovalRequested } from '../events.js';
import { aPolicy, aRequest, aStage, aWish } from '../testing.js';
import { ApprovalDecision } from './approval-decision.entity.js';
import { ApprovalRequest } from './approval-request.entity.js';
import { AlreadyDecided, NotesRequired, RevisionRequired, RevisionStale } from './approval.errors.js';
import { APPROVALS, type ApprovalStatus } from './approval.policy.js';

const now = new Date('2026-11-02T09:00:00Z');
const manager = newId();
const seen = { revision: 1, contentHash: 'hash of 1' };

describe('An approval request', () => {
  it('excludes whoever asks, and everybody once', () => {
    const [author, submitter] = [newId(), newId()].sort() as [string, string];
    const request = ApprovalRequest.ask(
      aWish({ excluded: [author, author.toUpperCase()] }),
      submitter,
      aPolicy(aStage()),
      now,
    );
    expect(request.excluded).toEqual([author, submitter]);
    expect(request.involves(submitter)).toBe(true);
    expect(request.involves(manager)).toBe(false);
  });

  it('tells what waits, where and until when', () => {
    const wish = aWish({ teamId: newId(), dueAt: now });
    const request = ApprovalRequest.ask(wish, manager, aPolicy(aStage()), now);
    const { subjectKind, subjectId, revision, title, teamId } = wish;
    const told = {
      requestId: request.id,
      subjectKind,
      subjectId,
      revision,
      title,
      teamId,
      dueAt: now.toISOString(),
      requestedBy: manager,
    };
    expect(request.releaseEvents()).toEqual([ApprovalRequested(told)]);
  });

  it('is approved once, by name and time', () => {
    const request = aRequest();
    request.decide('approved', seen, manager, null, now);
    expect(request).toMatchObject({ status: 'approved', decidedBy: manager, decidedAt: now, notes: null });
    const { id: requestId, subjectKind, subjectId, revision } = request;
    expect(request.releaseEvents()).toEqual([
      ApprovalGranted({ requestId, subjectKind, subjectId, revision, decidedBy: manager }),
    ]);
  });

  it('is rejected with notes', () => {
    const request = aRequest();
    request.decide('rejected', seen, manager, ' Quote the date ', now);
    expect(request).toMatchObject({ status: 'rejected', notes: 'Quote the date' });
    expect(request.releaseEvents()).toMatchObject([
      { type: ApprovalRejected.name, payload: { notes: 'Quote the date' } },
    ]);
  });

  it.each([null, '', ' \n '])('is not rejected with %j for notes', (notes) => {
    expect(() => aRequest().decide('rejected', seen, manager, notes, now)).toThrow(NotesRequired);
  });

  it('wants to be told which revision was seen', () => {
    expect(() => aRequest().decide('approved', { revision: undefined }, manager, null, now)).toThrow(RevisionRequired);
  });

  it.each([
    ['an older revision', { revision: 1, contentHash: 'hash of 2' }],
    ['a newer revision', { revision: 3, contentHash: 'hash of 2' }],
    ['other content of the same revision', { revision: 2, contentHash: 'hash of 1' }],
  ])('is not decided by who saw %s', (_, other) => {
    const request = aRequest({ revision: 2, contentHash: 'hash of 2' });
    expect(() => request.decide('approved', other, manager, null, now)).toThrow(RevisionStale);
    expect(request.status).toBe('pending');
  });

  it('tells the second who decides what the first has decided', () => {
    const request = aRequest();
    request.decide('approved', seen, manager, null, now);
    const late = () => request.decide('rejected', seen, newId(), 'no', now);
    expect(late).toThrow(AlreadyDecided);
    expect(late).toThrow(
      expect.objectContaining({
        code: 'already_decided',
        details: { id: request.id, decision: 'approved', decidedBy: manager, decidedAt: now },
      }),
    );
  });

  it('keeps in the decision whether somebody with a hand in it approved it', () => {
    const request = aRequest({ requestedBy: manager });
    const voice = { stage: 1, notes: null, onBehalfOf: null };
    expect(ApprovalDecision.of(request, 'approved', manager, now, voice).isSelfApproval).toBe(true);
    expect(ApprovalDecision.of(request, 'rejected', manager, now, voice).isSelfApproval).toBe(false);
    expect(ApprovalDecision.of(request, 'approved', newId(), now, voice).isSelfApproval).toBe(false);
  });
});

describe('The states of an approval request', () => {
  const verbs: Record<Exclude<ApprovalStatus, 'pending'>, (request: ApprovalRequest) => void> = {
    approved: (request) => request.decide('approved', seen, manager, null, now),
    rejected: (request) => request.decide('rejected', seen, manager, 'no', now),
    recalled: (request) => request.recall(),
    superseded: (request) => request.supersede(),
    waived: (request) => request.waive(),
  };
  const ends = Object.keys(verbs) as (keyof typeof verbs)[];

  it('are as the table says', () => {
    const nowhere = Object.fromEntries(ends.map((end) => [end, []]));
    expect(APPROVALS.transitions).toEqual({ pending: ends, ...nowhere });
  });

  it.each(ends)('lead from pending to %s', (end) => {
    const request = aRequest();
    verbs[end](request);
    expect(request.status).toBe(end);
  });

  it.each(ends.flatMap((from) => ends.map((to) => [from, to] as const)))('do not lead from %s to %s', (from, to) => {
    const request = aRequest();
    verbs[from](request);
    request.releaseEvents();
    expect(() => verbs[to](request)).toThrow(
      from === 'approved' || from === 'rejected' ? AlreadyDecided : InvalidTransition,
    );
    expect(request.status).toBe(from);
    expect(request.releaseEvents()).toEqual([]);
  });
});
