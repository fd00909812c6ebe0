import type { StageDocument } from './pipeline-stage.entity.js';

/** What a tenant sells by, in its own currency, until it says otherwise. */
export const USUAL_NAME = 'Sales';

export const USUAL_STAGES: readonly StageDocument[] = [
  {
    ...{ name: 'Qualification', position: 1, probability: 10, forecast: 'pipeline' },
    ...{ requires: [], checklist: [], needsApproval: false, rotDays: 30, wipLimit: null },
  },
  {
    ...{ name: 'Proposal', position: 2, probability: 40, forecast: 'best_case' },
    ...{ requires: ['amount'], checklist: [], needsApproval: false, rotDays: 21, wipLimit: null },
  },
  {
    ...{ name: 'Negotiation', position: 3, probability: 75, forecast: 'commit' },
    ...{ requires: ['amount', 'expectedCloseDate'], checklist: [], needsApproval: false, rotDays: 14, wipLimit: null },
  },
];
