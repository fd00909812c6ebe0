import { dealsContexts } from '@app/deals/testing';
import { inquiriesContexts } from '@app/inquiries/testing';
import { newId } from '@app/kernel';
import { leadsContext } from './index.js';
import { Lead, type NewLead } from './leads/lead.entity.js';

/** leads and what it uses: `bootSlice({ contexts: leadsContexts })`. */
export const leadsContexts = [...new Set([...inquiriesContexts, ...dealsContexts, leadsContext])];

/** A lead as it has just been written down, its first events told. */
export function aLead(over: Partial<NewLead> = {}): Lead {
  const lead = Lead.begin({ name: 'Noor Haddad', createdBy: newId(), ...over });
  lead.releaseEvents();
  return lead;
}
