import { InvalidTransition } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { ResponseApproved, ResponseDrafted, ResponseHeld } from '../events.js';
import { APPROVER, aDraft, aResponse, AUTHOR, NOTHING_NEW, NOW } from '../testing.js';
import { Response } from './response.entity.js';
import {
  ContentChanged,
  NothingToCancel,
  RecallDenied,
  SendAtOutOfRange,
  StaleRevision,
  UnderApproval,
} from './response.errors.js';
import { RESPONSE_STATES, RESPONSE_STATUSES, type ResponseStatus } from './response.policy.js';

const LATER = new Date(NOW.getTime() + 3_600_000);
const EDITOR = '01920000-0000-7000-8000-0000000000a3';

/** Where each verb may begin and where it leads: everything else is refused. */
const VERBS: Record<string, { run(response: Response): void; leads: Partial<Record<ResponseStatus, ResponseStatus>> }> =
  {
    edit: {
      run: (response) => response.edit('Another text.', AUTHOR, NOW),
      leads: { draft: 'draft', rejected: 'draft', approved: 'draft', held: 'draft', failed: 'draft' },
    },
    submit: { run: (response) => response.submit(AUTHOR, NOW), leads: { draft: 'pending_approval' } },
    waive: {
      run: (response) => response.waive('Small talk', NOTHING_NEW, null, AUTHOR, NOW),
      leads: { draft: 'approved' },
    },
    recall: { run: (response) => response.recall(AUTHOR, NOW), leads: { pending_approval: 'draft' } },
    approve: {
      run: (response) => response.approve(APPROVER, null, NOTHING_NEW, null, NOW),
      leads: { pending_approval: 'approved' },
    },
    reject: { run: (response) => response.reject(APPROVER, 'No.', NOW), leads: { pending_approval: 'rejected' } },
    schedule: {
      run: (response) => response.schedule(LATER, AUTHOR, NOW),
      leads: { approved: 'scheduled', scheduled: 'scheduled' },
    },
    unschedule: { run: (response) => response.unschedule(AUTHOR, NOW), leads: { scheduled: 'approved' } },
    hold: {
      run: (response) => response.hold('customer_replied', NOTHING_NEW, AUTHOR, NOW),
      leads: { approved: 'held', scheduled: 'held' },
    },
    release: { run: (response) => response.release(AUTHOR, NOW), leads: { held: 'approved' } },
    beginSending: {
      run: (response) => response.beginSending(AUTHOR, NOW),
      leads: { approved: 'sending', scheduled: 'sending' },
    },
    retry: { run: (response) => response.retry(AUTHOR, NOW), leads: { failed: 'sending' } },
    markSent: {
      run: (response) => response.markSent('<a@b>', NOW, AUTHOR, NOW),
      leads: { sending: 'sent', failed: 'sent' },
    },
    markFailed: { run: (response) => response.markFailed('550', AUTHOR, NOW), leads: { sending: 'failed' } },
    discard: {
      run: (response) => response.discard(AUTHOR, NOW),
      leads: { draft: 'discarded', rejected: 'discarded', approved: 'discarded' },
    },
  };

describe('Response', () => {
  for (const [verb, { run, leads }] of Object.entries(VERBS)) {
    for (const from of RESPONSE_STATUSES) {
      const to = leads[from];
      it(to ? `${verb} leads from ${from} to ${to}` : `refuses to ${verb} when ${from}`, () => {
        const response = aResponse(from);
        if (to) {
          run(response);
          expect(response.status).toBe(to);
        } else {
          expect(() => run(response)).toThrow(
            verb === 'edit' && from === 'pending_approval' ? UnderApproval : InvalidTransition,
          );
          expect(response.status).toBe(from);
        }
      });
    }
  }

  it('has a verb for each transition that its machine lists', () => {
    const reached = new Set(
      Object.values(VERBS).flatMap(({ leads }) => Object.entries(leads).map(([from, to]) => `${from} ${to}`)),
    );
    const listed = RESPONSE_STATES.states.flatMap((from) =>
      RESPONSE_STATES.transitions[from].map((to) => `${from} ${to}`),
    );
    expect(listed.filter((one) => !reached.has(one))).toEqual([]);
  });

  it('begins as the first revision of its author', () => {
    const response = Response.draft(aDraft(), AUTHOR, NOW);
    expect(response).toMatchObject({ status: 'draft', revision: 1, respondedBy: AUTHOR, editors: [AUTHOR] });
    expect(response.releaseEvents()).toEqual([
      ResponseDrafted({ responseId: response.id, inquiryId: response.inquiryId, revision: 1, authorId: AUTHOR }),
    ]);
  });

  it('counts a new text as a new revision and remembers whose it is', () => {
    const response = aResponse();
    response.edit('Another text.', EDITOR, NOW);
    expect(response).toMatchObject({ revision: 2, message: 'Another text.', editors: [AUTHOR, EDITOR] });
  });

  it('does not count the same text again', () => {
    const response = aResponse('approved');
    response.edit(response.message, EDITOR, NOW);
    expect(response).toMatchObject({ status: 'approved', revision: 1, editors: [AUTHOR] });
  });

  it('loses its approval with an edit', () => {
    const response = aResponse('approved');
    response.edit('Another text.', AUTHOR, NOW);
    expect(response).toMatchObject({
      status: 'draft',
      approvedBy: null,
      approvedAt: null,
      approvedHash: null,
      submittedBy: null,
      sendAt: null,
    });
  });

  it('keeps the notes of its rejection until it is submitted again', () => {
    const response = aResponse('rejected');
    response.edit('Another text.', AUTHOR, NOW);
    expect(response.approvalNotes).toBe('Name the date.');
    response.submit(AUTHOR, NOW);
    expect(response.approvalNotes).toBeNull();
  });

  it('excludes from approving its author, its submitter and everybody who ever edited it', () => {
    const response = aResponse();
    response.edit('By an editor.', EDITOR, NOW);
    response.submit(APPROVER, NOW);
    response.recall(AUTHOR, NOW);
    response.submit(AUTHOR, NOW);
    expect(response.writers).toEqual([AUTHOR, EDITOR]);
    expect(aResponse('pending_approval').writers).toEqual([AUTHOR]);
  });

  it('is recalled by nobody but its author and whoever submitted it', () => {
    const response = aResponse();
    response.submit(EDITOR, NOW);
    expect(() => response.recall(APPROVER, NOW)).toThrow(RecallDenied);
    response.recall(EDITOR, NOW);
    expect(response.status).toBe('draft');
  });

  it('tells with its approval when it goes out', () => {
    const response = aResponse('pending_approval');
    response.approve(APPROVER, 'Good.', NOTHING_NEW, LATER, NOW);
    expect(response.releaseEvents()).toEqual([
      ResponseApproved({
        responseId: response.id,
        inquiryId: response.inquiryId,
        revision: 1,
        approvedBy: APPROVER,
        sendAt: LATER.toISOString(),
      }),
    ]);
    expect(response.isDue(1, LATER.toISOString())).toBe(true);
  });

  it('is no longer due once its sending is taken back', () => {
    const response = aResponse('pending_approval');
    response.approve(APPROVER, null, NOTHING_NEW, LATER, NOW);
    response.cancel(AUTHOR, NOW);
    expect(response.isDue(1, LATER.toISOString())).toBe(false);
    expect(() => response.cancel(AUTHOR, NOW)).toThrow(NothingToCancel);
  });

  it('is due at its newest time alone', () => {
    const response = aResponse('scheduled');
    const before = response.sendAt?.toISOString() ?? '';
    response.schedule(new Date(LATER.getTime() + 1), AUTHOR, NOW);
    expect(response.isDue(1, before)).toBe(false);
  });

  it('is scheduled neither into the past nor beyond a year', () => {
    for (const at of [NOW, new Date(NOW.getTime() - 1), new Date(NOW.getTime() + 367 * 86_400_000), new Date(NaN)]) {
      expect(() => aResponse('approved').schedule(at, AUTHOR, NOW)).toThrow(SendAtOutOfRange);
    }
  });

  it('is not sent when its text is not the one that was approved', () => {
    const response = Object.assign(aResponse('approved'), { message: 'Something else.' });
    expect(() => response.beginSending(AUTHOR, NOW)).toThrow(ContentChanged);
  });

  it('is held for a customer message that came after its approval', () => {
    const response = aResponse('approved');
    expect(response.reasonToHold(NOTHING_NEW)).toBeUndefined();
    expect(response.reasonToHold({ ...NOTHING_NEW, customerMessages: 2 })).toBe('customer_replied');
  });

  it('is held for another answer that went out since its approval', () => {
    const response = aResponse('pending_approval');
    response.approve(APPROVER, null, { conversation: [], customerMessages: 1, answers: [EDITOR] }, null, NOW);
    expect(response.reasonToHold({ conversation: [], customerMessages: 1, answers: [EDITOR] })).toBeUndefined();
    expect(response.reasonToHold({ conversation: [], customerMessages: 1, answers: [] })).toBeUndefined();
    expect(response.reasonToHold({ conversation: [], customerMessages: 1, answers: [EDITOR, AUTHOR] })).toBe(
      'competing_response_sent',
    );
  });

  it('is held when what was read as one when it was approved is no longer the same', () => {
    const [source, target] = [AUTHOR, APPROVER];
    const response = aResponse('pending_approval');
    response.approve(APPROVER, null, { conversation: [target, source], customerMessages: 2, answers: [] }, null, NOW);
    expect(response.reasonToHold({ conversation: [source, target], customerMessages: 2, answers: [] })).toBeUndefined();
    // parted again, and the customer has written since: as many messages, and others
    expect(response.reasonToHold({ conversation: [target], customerMessages: 2, answers: [] })).toBe(
      'conversation_changed',
    );
  });

  it('is released from what it was held for, and held again for what came later', () => {
    const response = aResponse('approved');
    const known = { conversation: [], customerMessages: 2, answers: [] };
    response.hold('customer_replied', known, AUTHOR, NOW);
    expect(response.releaseEvents()).toEqual([
      ResponseHeld({ responseId: response.id, inquiryId: response.inquiryId, revision: 1, reason: 'customer_replied' }),
    ]);
    response.release(AUTHOR, NOW);
    expect(response.reasonToHold(known)).toBeUndefined();
    expect(response.reasonToHold({ ...known, customerMessages: 3 })).toBe('customer_replied');
  });

  it('stays in sending while nobody knows whether it was delivered', () => {
    const response = aResponse('sending');
    response.markUnknown('No answer', AUTHOR, NOW);
    expect(response).toMatchObject({ status: 'sending', deliveryState: 'unknown' });
    response.markSent('<a@b>', NOW, AUTHOR, NOW);
    expect(response).toMatchObject({ status: 'sent', deliveryState: null, messageId: '<a@b>', sentAt: NOW });
  });

  it('refuses what was seen in another revision', () => {
    expect(() => aResponse().assertSeen(2)).toThrow(StaleRevision);
    expect(() => aResponse().assertSeen(undefined)).not.toThrow();
  });

  it('keeps a step of everything that happened, in order', () => {
    const response = Response.draft(aDraft(), AUTHOR, NOW);
    response.submit(AUTHOR, NOW);
    response.reject(APPROVER, 'No.', NOW);
    expect(response.releaseSteps().map(({ kind, actorId, notes }) => [kind, actorId, notes])).toEqual([
      ['drafted', AUTHOR, null],
      ['submitted', AUTHOR, null],
      ['rejected', APPROVER, 'No.'],
    ]);
    expect(response.releaseSteps()).toEqual([]);
  });
});
