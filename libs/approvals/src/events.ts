import { defineEvent } from '@app/kernel';

type OfRequest = { requestId: string; subjectKind: string; subjectId: string; revision: number };

export const ApprovalRequested = defineEvent<
  OfRequest & { title: string; teamId: string | null; dueAt: string | null; requestedBy: string }
>('approvals.requested', 'A revision waits for a decision by somebody who had no hand in it.');

export const ApprovalGranted = defineEvent<OfRequest & { decidedBy: string }>(
  'approvals.approved',
  'A revision was approved; the approval is of this revision and no other.',
);

export const ApprovalRejected = defineEvent<OfRequest & { decidedBy: string; notes: string }>(
  'approvals.rejected',
  'A revision was returned to its author, with notes.',
);

export const ApprovalRecalled = defineEvent<OfRequest>(
  'approvals.recalled',
  'A request was taken back before anybody decided.',
);

export const ApprovalSuperseded = defineEvent<OfRequest>(
  'approvals.superseded',
  'A request fell away undecided: a later revision is asked for instead.',
);

export const ApprovalStageReached = defineEvent<OfRequest & { stage: number }>(
  'approvals.stage-reached',
  'Enough have agreed at one stage, and the next one waits for others.',
);

export const ApprovalRerouted = defineEvent<OfRequest & { from: string; to: string | null }>(
  'approvals.rerouted',
  'Somebody whom a request waits for by name has left: their delegate takes the place, or the team.',
);

export const ApprovalHandedOver = defineEvent<OfRequest & { stage: number; from: string; to: string }>(
  'approvals.handed-over',
  'Somebody whom a request waits for has passed it on to another person.',
);

export const ApprovalReminded = defineEvent<OfRequest & { stage: number }>(
  'approvals.reminded',
  'Those whom a stage waits for were told that it still does.',
);

/** `because`: `overdue`, the time of the policy is over; `nobody_left`, too few of them could decide. */
export const ApprovalEscalated = defineEvent<
  OfRequest & {
    stage: number;
    because: 'overdue' | 'nobody_left';
    toUsers: readonly string[];
    toRoles: readonly string[];
    toScope: 'team' | 'anyone' | null;
  }
>('approvals.escalated', 'A request waits for others as well from now on.');

export const ApprovalWaived = defineEvent<OfRequest & { rule: string; requestedBy: string }>(
  'approvals.waived',
  'A rule of the policy let a revision go ahead without approval.',
);

export const ApprovalsDelegated = defineEvent<{
  delegationId: string;
  userId: string;
  delegateId: string;
  from: string;
  until: string;
}>('approvals.delegated', 'While somebody is absent, another decides in their place.');
