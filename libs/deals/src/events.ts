import { defineEvent } from '@app/kernel';

/** The pipeline by which its board is told of it, too. */
type OfDeal = { dealId: string; pipelineId: string };
type Money = { amount: number | null; currency: string };

export const DealCreated = defineEvent<OfDeal & { stageId: string; customerId: string | null; ownerId: string | null }>(
  'deals.created',
  'Somebody began to sell something.',
);

export const DealUpdated = defineEvent<OfDeal & { changed: string[] }>(
  'deals.updated',
  'Fields of a deal changed; `changed` names them.',
);

export const DealStageChanged = defineEvent<OfDeal & { from: string; to: string }>(
  'deals.stage-changed',
  'A deal moved to another stage, of its pipeline or of another one.',
);

export const DealPlaced = defineEvent<OfDeal & { stageId: string }>(
  'deals.placed',
  'A deal has another place in its column of the board.',
);

export const DealLeftPipeline = defineEvent<OfDeal>(
  'deals.left-pipeline',
  'A deal stands in a stage of another pipeline now; `pipelineId` is the one that it left.',
);

export const DealWon = defineEvent<OfDeal & Money & { customerId: string | null; at: string }>(
  'deals.won',
  'A deal was won.',
);

export const DealLost = defineEvent<OfDeal & Money & { customerId: string | null; reason: string; at: string }>(
  'deals.lost',
  'A deal was lost, for a reason.',
);

export const DealReopened = defineEvent<OfDeal & { from: string; reason: string }>(
  'deals.reopened',
  'A deal that was won or lost is open again.',
);

export const DealAssigned = defineEvent<OfDeal & { ownerId: string | null; previous: string | null }>(
  'deals.assigned',
  'A deal was given to somebody, or to nobody.',
);

export const DealTrashed = defineEvent<OfDeal>('deals.trashed', 'A deal was put into the trash.');
export const DealRestored = defineEvent<OfDeal>('deals.restored', 'A deal was taken out of the trash.');
