import { DealRecordFields } from './deals/deal.fields.js';
import { ApprovalsModule } from '@app/approvals';
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
import { DealsAudience } from './deals/deals.audience.js';
import { SearchableDeals } from './deals/deal.searchable.js';
import { DealsFacade } from './deals.facade.js';
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
import { ChecklistsService } from './entry/checklists.service.js';
import { DealApprovals } from './entry/deal-approvals.service.js';
import { EntryController } from './entry/entry.controller.js';
import { EntryWorker } from './entry/entry.worker.js';
import { DealContactsController } from './contacts/deal-contacts.controller.js';
import { DealContactsQueries } from './contacts/deal-contacts.queries.js';
import { DealContactsService } from './contacts/deal-contacts.service.js';
import { DealsExportController } from './exporting/deals-export.controller.js';
import { DealsExportable } from './exporting/deals.exportable.js';
import { IMPORTING } from './importing/index.js';
import { PipelineRecords } from './pipelines/pipeline.records.js';
import { SnapshotsQueries } from './snapshots/snapshots.queries.js';
import { SnapshotsService } from './snapshots/snapshots.service.js';
import { SnapshotsWorker } from './snapshots/snapshots.worker.js';
import { VelocityController } from './velocity/velocity.controller.js';
import { VelocityQueries } from './velocity/velocity.queries.js';
import { ItemsController } from './items/items.controller.js';
import { ItemsQueries } from './items/items.queries.js';
import { ItemsService } from './items/items.service.js';
import { PipelinesController } from './pipelines/pipelines.controller.js';
import { PipelinesQueries } from './pipelines/pipelines.queries.js';
import { PipelinesService } from './pipelines/pipelines.service.js';
import { PipelinesWorker } from './pipelines/pipelines.worker.js';

@Module({
  imports: [ApprovalsModule, CustomersModule, RecordsModule],
  providers: [
    DealWork,
    DealsService,
    DealsFacade,
    Places,
    DealsExportable,
    PipelinesService,
    PipelinesQueries,
    PipelineRecords,
    DealReach,
    DealFieldHost,
    DealRecordFields,
    DealApprovals,
    DealsAudience,
    DealsOfCustomers,
    DealsOwnership,
    DealsTimeline,
  ],
  exports: [
    DealsExportable,
    DealWork,
    DealsService,
    DealsFacade,
    Places,
    PipelinesService,
    PipelinesQueries,
    DealReach,
    DealApprovals,
    CustomersModule,
  ],
})
export class DealsModule {}

@Module({
  imports: [DealsModule, CatalogModule, RecordsModule],
  // the board and the reports before what takes any word for an id
  controllers: [
    BoardController,
    ForecastController,
    VelocityController,
    DealsExportController,
    DealsController,
    DealActionsController,
    DealContactsController,
    EntryController,
    ItemsController,
    PipelinesController,
    ExchangeRatesController,
  ],
  providers: [
    ...IMPORTING,
    DealStatusService,
    MovesService,
    DealsQueries,
    HistoryQueries,
    DuplicatesQueries,
    BoardQueries,
    ForecastQueries,
    SnapshotsQueries,
    VelocityQueries,
    ChecklistsService,
    DealContactsService,
    DealContactsQueries,
    ExchangeRatesQueries,
    ExchangeRatesService,
    ItemsService,
    ItemsQueries,
    SearchableDeals,
  ],
})
export class DealsApiModule {}

@Module({
  imports: [DealsModule, RecordsModule],
  providers: [...IMPORTING, PipelinesWorker, EntryWorker, SnapshotsService, SnapshotsWorker],
})
export class DealsWorkerModule {}
