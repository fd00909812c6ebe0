import { Approvals1763700800000 } from './1763700800000-approvals.js';
import { ApprovalStages1764000300000 } from './1764000300000-approval-stages.js';
import { ApprovalDelegations1764000300100 } from './1764000300100-approval-delegations.js';
import { ApprovalRerouting1764000300200 } from './1764000300200-approval-rerouting.js';
import { ApprovalPatience1764001300000 } from './1764001300000-approval-patience.js';
import { ApprovalStats1764001600010 } from './1764001600010-approval-stats.js';

export const approvalsMigrations = [
  Approvals1763700800000,
  ApprovalStages1764000300000,
  ApprovalDelegations1764000300100,
  ApprovalRerouting1764000300200,
  ApprovalPatience1764001300000,
  ApprovalStats1764001600010,
];
