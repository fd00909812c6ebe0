import { authContexts, signIn } from '@app/auth/testing';
import { calendarsContext } from '@app/calendars';
import { type Actor, newId } from '@app/kernel';
import type { Slice } from '@app/platform/testing';
import { approvalsContext } from './index.js';
import { type AppliedPolicy, ONE_OTHER_PERSON, type Stage } from './policies/stage.js';
import { ApprovalRequest, type ApprovalWish } from './requests/approval-request.entity.js';

/** approvals and what it uses. */
export const approvalsContexts = [...authContexts, calendarsContext, approvalsContext];

/** A genuine token of this actor, who is a user with exactly these grants from now on. */
export async function tokenFor(slice: Slice, { id: userId, tenantId, grants, teams }: Actor): Promise<string> {
  await slice.superuser
    .query(`begin; select set_config('app.actor_id', '${userId}', true), set_config('app.actor_name', 'tester', true);
    delete from user_roles where tenant_id = '${tenantId}' and user_id = '${userId}';
    delete from team_members where tenant_id = '${tenantId}' and user_id = '${userId}'; commit`);
  return (await signIn(slice, { userId, tenantId, grants, teams })).token;
}

export const aStage = (required = 1, approvers: Partial<Stage['approvers']> = {}): Stage => ({
  approvers: { ...ONE_OTHER_PERSON.approvers, ...approvers },
  required,
});

export const aPolicy = (...stages: Stage[]): AppliedPolicy => ({
  ...{ name: 'Two people', version: 1, rule: 'All', allowSelfApproval: false },
  stages,
});

/** Revision 1 of something, asked for by somebody who wrote it alone. */
export function aWish(over: Partial<ApprovalWish> = {}): ApprovalWish {
  return {
    subjectKind: 'documents.document',
    subjectId: newId(),
    revision: 1,
    contentHash: 'hash of 1',
    title: 'INQ-000001 Where is my parcel?',
    teamId: null,
    dueAt: null,
    excluded: [],
    ...over,
  };
}

export function aRequest(
  over: Partial<ApprovalWish> & { requestedBy?: string; policy?: AppliedPolicy } = {},
): ApprovalRequest {
  const { requestedBy = newId(), policy = aPolicy(ONE_OTHER_PERSON), ...wish } = over;
  const request = ApprovalRequest.ask(aWish(wish), requestedBy, policy, new Date('2026-11-02T09:00:00Z'));
  request.releaseEvents();
  return request;
}
