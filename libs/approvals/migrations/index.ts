import { Approvals1763700800000 } from './1763700800000-approvals.js';
import { ApprovalStages1764000300000 } from './1764000300000-approval-stages.js';

export const approvalsMigrations = [Approvals1763700800000, ApprovalStages1764000300000];
