import { defineContext } from '@app/platform';
import { dealsMigrations } from '../migrations/index.js';
import { Deal } from './deals/deal.entity.js';
import { DealPermissions } from './deals/deal.policy.js';
import { DealsApiModule, DealsWorkerModule } from './deals.module.js';
import { DealContact } from './contacts/deal-contact.entity.js';
import { DealItem } from './items/deal-item.entity.js';
import { ExchangeRate } from './forecast/exchange-rate.entity.js';
import { ExchangeRatePermissions } from './forecast/exchange-rate.policy.js';
import { Pipeline } from './pipelines/pipeline.entity.js';
import { PipelinePermissions } from './pipelines/pipeline.policy.js';
import { PipelineStage } from './pipelines/pipeline-stage.entity.js';

export { DealsFacade, type DealTerms } from './deals.facade.js';
export { DealsModule } from './deals.module.js';
export { DealPermissions } from './deals/deal.policy.js';

export const dealsContext = defineContext({
  name: 'deals',
  version: '1.0.0',
  description: 'What is being sold: deals in the stages of their pipelines, the board, and the forecast.',
  uses: ['auth', 'approvals', 'catalog', 'customers', 'records'],
  api: DealsApiModule,
  worker: DealsWorkerModule,
  entities: [Deal, DealContact, DealItem, Pipeline, PipelineStage, ExchangeRate],
  migrations: dealsMigrations,
  permissions: [DealPermissions, PipelinePermissions, ExchangeRatePermissions],
});
