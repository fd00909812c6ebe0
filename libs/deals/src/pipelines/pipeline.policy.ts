import { definePermissions } from '@app/kernel';

export const PipelinePermissions = definePermissions('pipelines', {
  read: 'See pipelines and their stages',
  manage: 'Say which pipelines and stages there are',
});

/** What counts towards which forecast while it is open; each counts into those after it as well. */
export const FORECASTS = ['omitted', 'pipeline', 'best_case', 'commit'] as const;
export type Forecast = (typeof FORECASTS)[number];

/** Fields of a deal that a stage may demand. */
export const DEMANDABLE = [
  'amount',
  'expectedCloseDate',
  'customerId',
  'companyId',
  'ownerId',
  'teamId',
  'items',
] as const;
export type Demandable = (typeof DEMANDABLE)[number];

export const MOST_STAGES = 30;
export const MOST_POINTS = 20;
