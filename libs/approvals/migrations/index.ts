import { Approvals1763700800000 } from './1763700800000-approvals.js';

export const approvalsMigrations = [Approvals1763700800000];
