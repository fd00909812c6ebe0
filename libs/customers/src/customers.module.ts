import { Module } from '@nestjs/common';
import { BulkController } from './bulk/bulk.controller.js';
import { BulkService } from './bulk/bulk.service.js';
import { ConsentsController } from './consents/consents.controller.js';
import { ConsentsService } from './consents/consents.service.js';
import { ContactPointsController } from './contact-points/contact-points.controller.js';
import { ContactPointsService } from './contact-points/contact-points.service.js';
import { CustomerFacts } from './customer.facts.js';
import { CustomerReach } from './customer.reach.js';
import { CustomerRecordType } from './customer.record-type.js';
import { CustomersController } from './customers.controller.js';
import { CustomersFacade } from './customers.facade.js';
import { CustomersOwnership } from './customers.ownership.js';
import { CustomersQueries } from './customers.queries.js';
import { CustomersService } from './customers.service.js';
import { HistoryController } from './history/history.controller.js';
import { HistoryQueries } from './history/history.queries.js';
import { CustomersTimeline } from './timeline/customers.timeline.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { TimelineReader } from './timeline/timeline.reader.js';

@Module({
  providers: [
    CustomerFacts,
    CustomerReach,
    CustomerRecordType,
    CustomersFacade,
    CustomersOwnership,
    CustomersQueries,
    CustomersService,
  ],
  exports: [CustomerReach, CustomersFacade, CustomersQueries, CustomersService],
})
export class CustomersModule {}

@Module({
  imports: [CustomersModule],
  providers: [BulkService, ConsentsService, ContactPointsService, CustomersTimeline, HistoryQueries, TimelineReader],
  controllers: [
    CustomersController,
    BulkController,
    ContactPointsController,
    ConsentsController,
    HistoryController,
    TimelineController,
  ],
})
export class CustomersApiModule {}

@Module({ imports: [CustomersModule] })
export class CustomersWorkerModule {}
