import { Module } from '@nestjs/common';
import { BulkController } from './bulk/bulk.controller.js';
import { BulkService } from './bulk/bulk.service.js';
import { CompaniesController, CompaniesOfCustomerController } from './companies/companies.controller.js';
import { CompaniesQueries } from './companies/companies.queries.js';
import { CompaniesService } from './companies/companies.service.js';
import { CompaniesTimeline } from './companies/companies.timeline.js';
import { ConsentsController } from './consents/consents.controller.js';
import { ConsentsService } from './consents/consents.service.js';
import { ContactPointsController } from './contact-points/contact-points.controller.js';
import { ContactPointsService } from './contact-points/contact-points.service.js';
import { CustomerFacts } from './customer.facts.js';
import { CustomerReach } from './customer.reach.js';
import { CustomersController } from './customers.controller.js';
import { CustomersFacade } from './customers.facade.js';
import { CustomersOwnership } from './customers.ownership.js';
import { CustomersQueries } from './customers.queries.js';
import { CustomersService } from './customers.service.js';
import { HistoryController } from './history/history.controller.js';
import { HistoryQueries } from './history/history.queries.js';
import { CustomersTimeline } from './timeline/customers.timeline.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { ReferralsController } from './referrals/referrals.controller.js';
import { ReferralsService } from './referrals/referrals.service.js';
import { TimelineReader } from './timeline/timeline.reader.js';

@Module({
  providers: [CustomerFacts, CustomerReach, CustomersFacade, CustomersOwnership, CustomersQueries, CustomersService],
  exports: [CustomerReach, CustomersFacade, CustomersQueries, CustomersService],
})
export class CustomersModule {}

@Module({
  imports: [CustomersModule],
  providers: [
    BulkService,
    CompaniesQueries,
    CompaniesService,
    CompaniesTimeline,
    ConsentsService,
    ContactPointsService,
    CustomersTimeline,
    HistoryQueries,
    ReferralsService,
    TimelineReader,
  ],
  controllers: [
    CustomersController,
    BulkController,
    CompaniesController,
    CompaniesOfCustomerController,
    ContactPointsController,
    ConsentsController,
    HistoryController,
    ReferralsController,
    TimelineController,
  ],
})
export class CustomersApiModule {}

@Module({ imports: [CustomersModule] })
export class CustomersWorkerModule {}
