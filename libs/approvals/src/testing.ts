import { newId } from '@app/kernel';
import { ApprovalRequest, type ApprovalWish } from './requests/approval-request.entity.js';

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

export function aRequest(over: Partial<ApprovalWish> & { requestedBy?: string } = {}): ApprovalRequest {
  const { requestedBy = newId(), ...wish } = over;
  const request = ApprovalRequest.ask(aWish(wish), requestedBy, 1);
  request.releaseEvents();
  return request;
}
