import { approvalsContexts } from '@app/approvals/testing';
import { catalogContext } from '@app/catalog';
import { CustomersFacade } from '@app/customers';
import { customersContexts } from '@app/customers/testing';
import { newId } from '@app/kernel';
import type { Slice } from '@app/platform/testing';
import { Deal, type NewDeal } from './deals/deal.entity.js';
import type { StageTerms } from './entry/stage-terms.js';
import { dealsContext } from './index.js';

/** deals and what it uses: `bootSlice({ contexts: dealsContexts })`. */
export const dealsContexts = [...new Set([...approvalsContexts, ...customersContexts, catalogContext, dealsContext])];

export const A_MOMENT = new Date('2026-11-02T09:00:00Z');

export const aStage = (over: Partial<StageTerms> = {}): StageTerms => ({
  id: newId(),
  pipelineId: newId(),
  probability: 10,
  requires: [],
  rotDays: null,
  checklist: [],
  needsApproval: false,
  ...over,
});

/** A deal as it has just been begun, its first events told. */
export function aDeal(over: Partial<NewDeal> = {}, stage = aStage(), now = A_MOMENT): Deal {
  const given = { name: 'Yearly contract', currency: 'EUR', createdBy: newId(), ownerId: newId(), rank: 'i0000000' };
  const deal = Deal.begin({ ...given, ...over }, stage, now);
  deal.releaseEvents();
  return deal;
}

/** A customer of the current actor's tenant; to be called as somebody. */
export async function aKnownCustomer(slice: Slice, email = `mira-${newId()}@okafor.example`): Promise<string> {
  const { customerId } = await slice.get(CustomersFacade).identify({ email, name: 'Mira Okafor', source: 'test' });
  return customerId;
}
