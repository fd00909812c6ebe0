import { definePort, type Fields } from '@app/platform';
import type { Decision } from './approval.policy.js';

export type SubjectDecision = {
  readonly subjectId: string;
  readonly revision: number;
  readonly decision: Decision;
  readonly notes: string | null;
};

/**
 * What can be approved. `decide` runs the subject's own verb, which changes the subject and calls
 * `ApprovalsFacade.decide` in the transaction that is open: there is one way to a decision, whichever route it came by,
 * and so one order of locks.
 */
export interface ApprovalSubject {
  readonly subjectKind: string;
  /** What the conditions of policies may speak of: handed over as `facts` with each request. */
  readonly facts?: Fields;
  decide(decision: SubjectDecision): Promise<unknown>;
}

export const ApprovalSubjectPort = definePort<ApprovalSubject>('approval-subject');
