import { CatalogModule } from '@app/catalog';
import { CustomersModule } from '@app/customers';
import { RecordsModule } from '@app/records';
import { Module } from '@nestjs/common';
import { BoardController } from './board/board.controller.js';
import { BoardQueries } from './board/board.queries.js';
import { MovesService } from './board/moves.service.js';
import { Places } from './board/places.js';
import { DealActionsController } from './deals/deal-actions.controller.js';
import { DealStatusService } from './deals/deal-status.service.js';
import { DealWork } from './deals/deal-work.js';
import { DealFieldHost } from './deals/deal.field-host.js';
import { DealReach } from './deals/deal.reach.js';
import { DealsController } from './deals/deals.controller.js';
import { DealsOfCustomers } from './deals/deals.customer-records.js';
import { DealsOwnership } from './deals/deals.ownership.js';
import { DealsQueries } from './deals/deals.queries.js';
import { DealsService } from './deals/deals.service.js';
import { DealsTimeline } from './deals/deals.timeline.js';
import { DuplicatesQueries } from './deals/duplicates.queries.js';
import { HistoryQueries } from './deals/history.queries.js';
import { ExchangeRatesQueries } from './forecast/exchange-rates.queries.js';
import { ExchangeRatesService } from './forecast/exchange-rates.service.js';
import { ExchangeRatesController, ForecastController } from './forecast/forecast.controller.js';
import { ForecastQueries } from './forecast/forecast.queries.js';
import { ItemsController } from './items/items.controller.js';
import { ItemsQueries } from './items/items.queries.js';
import { ItemsService } from './items/items.service.js';
import { PipelinesController } from './pipelines/pipelines.controller.js';
import { PipelinesQueries } from './pipelines/pipelines.queries.js';
import { PipelinesService } from './pipelines/pipelines.service.js';
import { PipelinesWorker } from './pipelines/pipelines.worker.js';

@Module({
  imports: [CustomersModule],
  providers: [
    PipelinesService,
    PipelinesQueries,
    DealReach,
    DealFieldHost,
    DealsOfCustomers,
    DealsOwnership,
    DealsTimeline,
  ],
  exports: [PipelinesService, PipelinesQueries, DealReach, CustomersModule],
})
export class DealsModule {}

@Module({
  imports: [DealsModule, CatalogModule, RecordsModule],
  // the board and the forecast before what takes any word for an id
  controllers: [
    BoardController,
    ForecastController,
    DealsController,
    DealActionsController,
    ItemsController,
    PipelinesController,
    ExchangeRatesController,
  ],
  providers: [
    DealWork,
    DealsService,
    DealStatusService,
    MovesService,
    Places,
    DealsQueries,
    HistoryQueries,
    DuplicatesQueries,
    BoardQueries,
    ForecastQueries,
    ExchangeRatesQueries,
    ExchangeRatesService,
    ItemsService,
    ItemsQueries,
  ],
})
export class DealsApiModule {}

@Module({ imports: [DealsModule], providers: [PipelinesWorker] })
export class DealsWorkerModule {}
