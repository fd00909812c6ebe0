import { newId } from '@app/kernel';
import { Response } from './responses/response.entity.js';
import type { Draft, Known } from './responses/response.policy.js';

export const NOW = new Date('2026-11-02T09:00:00Z');
export const NOTHING_NEW: Known = { conversation: [], customerMessages: 1, answers: [] };

export const AUTHOR = '01920000-0000-7000-8000-0000000000a1';
export const APPROVER = '01920000-0000-7000-8000-0000000000a2';

export const aDraft = (over: Partial<Draft> = {}): Draft => ({
  inquiryId: newId(),
  customerId: newId(),
  message: 'Your order left our house this morning.',
  corrects: null,
  macroId: null,
  ...over,
});

/** A response as its verbs leave it in each of the states. */
const PATHS: Record<Response['status'], (response: Response) => void> = {
  draft: () => undefined,
  pending_approval: (response) => response.submit(AUTHOR, NOW),
  approved: (response) => {
    PATHS.pending_approval(response);
    response.approve(APPROVER, null, NOTHING_NEW, null, NOW);
  },
  rejected: (response) => {
    PATHS.pending_approval(response);
    response.reject(APPROVER, 'Name the date.', NOW);
  },
  scheduled: (response) => {
    PATHS.approved(response);
    response.schedule(new Date(NOW.getTime() + 3_600_000), AUTHOR, NOW);
  },
  held: (response) => {
    PATHS.approved(response);
    response.hold('customer_replied', { ...NOTHING_NEW, customerMessages: 2 }, AUTHOR, NOW);
  },
  sending: (response) => {
    PATHS.approved(response);
    response.beginSending(AUTHOR, NOW);
  },
  sent: (response) => {
    PATHS.sending(response);
    response.markSent('<r@example.com>', NOW, AUTHOR, NOW);
  },
  failed: (response) => {
    PATHS.sending(response);
    response.markFailed('550 No such mailbox', AUTHOR, NOW);
  },
  discarded: (response) => response.discard(AUTHOR, NOW),
};

/** A response of AUTHOR's that went through its verbs to this status; APPROVER decided on it. */
export function aResponse(status: Response['status'] = 'draft', over: Partial<Draft> = {}): Response {
  const response = Response.draft(aDraft(over), AUTHOR, NOW);
  PATHS[status](response);
  response.releaseEvents();
  response.releaseSteps();
  return response;
}
