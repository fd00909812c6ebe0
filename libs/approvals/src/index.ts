import { defineContext } from '@app/platform';
import { approvalsMigrations } from '../migrations/index.js';
import { ApprovalsApiModule, ApprovalsWorkerModule } from './approvals.module.js';
import { ApprovalDelegation } from './delegations/approval-delegation.entity.js';
import { ApprovalPolicy } from './policies/approval-policy.entity.js';
import { ApprovalDecision } from './requests/approval-decision.entity.js';
import { ApprovalRequest } from './requests/approval-request.entity.js';
import { ApprovalPermissions } from './requests/approval.policy.js';

export { type ApprovalCard, ApprovalsFacade } from './approvals.facade.js';
export { ApprovalsModule } from './approvals.module.js';
export {
  AlreadyDecided,
  DecisionByMachine,
  DecisionDenied,
  DelegateExcluded,
  NotCalledUpon,
  NotesRequired,
  RevisionRequired,
  RevisionStale,
  SelfApproval,
  VoiceGiven,
} from './requests/approval.errors.js';
export { ApprovalPermissions, type ApprovalStatus, type Decision } from './requests/approval.policy.js';
export { type ApprovalSubject, ApprovalSubjectPort, type SubjectDecision } from './requests/approval-subject.port.js';

export const approvalsContext = defineContext({
  name: 'approvals',
  version: '1.0.0',
  description:
    'Four eyes for anything: policies and stages, requests bound to a revision, decisions by others, the queue.',
  uses: ['auth', 'calendars', 'messaging'],
  api: ApprovalsApiModule,
  worker: ApprovalsWorkerModule,
  entities: [ApprovalRequest, ApprovalDecision, ApprovalPolicy, ApprovalDelegation],
  migrations: approvalsMigrations,
  permissions: [ApprovalPermissions],
});
