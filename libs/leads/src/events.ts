import { defineEvent } from '@app/kernel';

type About = { leadId: string };

export const LeadCreated = defineEvent<About & { source: string; ownerId: string | null; mailId: string | null }>(
  'leads.created',
  'Somebody may want to buy something: written down by a person or a program, or because a stranger wrote.',
);
export const LeadUpdated = defineEvent<About & { changed: string[] }>(
  'leads.updated',
  'Fields of a lead changed; `changed` names them.',
);
export const LeadAssigned = defineEvent<About & { ownerId: string; previous: string | null }>(
  'leads.assigned',
  'A lead was given to somebody.',
);
export const LeadContacted = defineEvent<About>('leads.contacted', 'Somebody spoke with the person of a lead.');
export const LeadQualified = defineEvent<About>('leads.qualified', 'A lead is worth selling to.');
export const LeadConverted = defineEvent<
  About & { customerId: string; companyId: string | null; dealId: string | null; at: string }
>('leads.converted', 'A lead became a customer, new or known, perhaps with a company and a deal.');
export const LeadDisqualified = defineEvent<About & { from: string; reason: string }>(
  'leads.disqualified',
  'Nothing will come of a lead, for a reason.',
);
export const LeadReopened = defineEvent<About>('leads.reopened', 'A lead that was disqualified is new again.');
export const LeadWrote = defineEvent<About & { mailId: string }>(
  'leads.wrote',
  'The person of a lead wrote once more.',
);
export const LeadTrashed = defineEvent<About>('leads.trashed', 'A lead was put into the trash.');
export const LeadRestored = defineEvent<About>('leads.restored', 'A lead was taken out of the trash.');

type OfMerge = About & { otherId: string; mergeId: string };

export const LeadsMerged = defineEvent<OfMerge>(
  'leads.merged',
  'Another lead was found to be this one: what hung on `otherId` hangs on `leadId`.',
);
export const LeadsParted = defineEvent<OfMerge>(
  'leads.parted',
  'A merge was taken back: `otherId` stands for itself again.',
);
