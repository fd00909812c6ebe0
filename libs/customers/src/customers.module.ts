import { RecordsModule } from '@app/records';
import { Module } from '@nestjs/common';
import { BulkController } from './bulk/bulk.controller.js';
import { BulkService } from './bulk/bulk.service.js';
import { CompaniesExportController } from './companies/companies-export.controller.js';
import { CompaniesExportable } from './companies/companies.exportable.js';
import { CompaniesImportable } from './companies/companies.importable.js';
import { CompanyFieldHost } from './companies/company.field-host.js';
import { CompaniesController, CompaniesOfCustomerController } from './companies/companies.controller.js';
import { CompaniesQueries } from './companies/companies.queries.js';
import { CompaniesService } from './companies/companies.service.js';
import { CompaniesTimeline } from './companies/companies.timeline.js';
import { SearchableCompanies } from './companies/company.searchable.js';
import { ConsentsController } from './consents/consents.controller.js';
import { ConsentsService } from './consents/consents.service.js';
import { ContactPointsController } from './contact-points/contact-points.controller.js';
import { ContactPointsService } from './contact-points/contact-points.service.js';
import { ContactsController } from './contacts/contacts.controller.js';
import { CustomerFacts } from './customer.facts.js';
import { CompanyRecordFields } from './companies/company.fields.js';
import { CustomerRecordFields } from './customer.fields.js';
import { CustomerFieldHost } from './customer.field-host.js';
import { CustomerLookups } from './customer-lookups.js';
import { CustomerReach } from './customer.reach.js';
import { CustomerRecordType } from './customer.record-type.js';
import { SearchableCustomers } from './customer.searchable.js';
import { CustomerWork } from './customer-work.js';
import { CustomersController } from './customers.controller.js';
import { CustomersFacade } from './customers.facade.js';
import { CustomersOwnership } from './customers.ownership.js';
import { CustomersQueries } from './customers.queries.js';
import { CustomersService } from './customers.service.js';
import { DuplicateRulesService } from './duplicates/duplicate-rules.service.js';
import { DuplicateScans } from './duplicates/duplicate-scans.service.js';
import { DuplicatesController } from './duplicates/duplicates.controller.js';
import { DuplicatesQueries } from './duplicates/duplicates.queries.js';
import { DuplicatesService } from './duplicates/duplicates.service.js';
import { DuplicatesWorker } from './duplicates/duplicates.worker.js';
import { NewcomersService } from './duplicates/newcomers.service.js';
import { Likenesses } from './duplicates/likenesses.js';
import { LevelPinController } from './levels/levels.controller.js';
import { LevelPinsService } from './levels/level-pins.service.js';
import { LevelsWorker } from './levels/levels.worker.js';
import { IMPORTING } from './importing/index.js';
import { CustomersExportable } from './exporting/customers.exportable.js';
import { CustomersExportController } from './exporting/customers-export.controller.js';
import { HistoryController } from './history/history.controller.js';
import { RestoringService } from './history/restoring.service.js';
import { HistoryQueries } from './history/history.queries.js';
import { CustomersTimeline } from './timeline/customers.timeline.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { MergedConsents } from './merging/merged-consents.js';
import { CustomerMergingController, MergesController } from './merging/merging.controller.js';
import { MergesQueries } from './merging/merges.queries.js';
import { MergingService } from './merging/merging.service.js';
import { RecordsOfCustomers } from './merging/customers.records.js';
import { ProspectsFacade } from './prospects.facade.js';
import { CompanyTrash, CustomerTrash } from './retention/trash.retention.js';
import { ReferralsController } from './referrals/referrals.controller.js';
import { ReferralsService } from './referrals/referrals.service.js';
import { RequirementsController } from './requirements/requirements.controller.js';
import { RequirementsGate } from './requirements/requirements-gate.js';
import { StatusRequirementsService } from './requirements/status-requirements.service.js';
import { TimelineReader } from './timeline/timeline.reader.js';

const SCANNING = [DuplicateRulesService, DuplicateScans, Likenesses];

@Module({
  imports: [RecordsModule],
  providers: [
    CompaniesService,
    CompaniesExportable,
    CompanyFieldHost,
    CustomerFacts,
    CompanyRecordFields,
    CustomerFieldHost,
    CustomerRecordFields,
    CustomerLookups,
    CustomersExportable,
    CustomerReach,
    CustomerRecordType,
    CustomerWork,
    CustomersFacade,
    CustomersOwnership,
    CustomersQueries,
    CustomersService,
    ProspectsFacade,
    CompanyTrash,
    CustomerTrash,
    RecordsOfCustomers,
    RequirementsGate,
  ],
  exports: [
    CompaniesExportable,
    CompaniesService,
    CustomerLookups,
    CustomerReach,
    CustomerWork,
    CustomersExportable,
    CustomersFacade,
    CustomersQueries,
    CustomersService,
    ProspectsFacade,
    RequirementsGate,
  ],
})
export class CustomersModule {}

@Module({
  imports: [CustomersModule, RecordsModule],
  providers: [
    BulkService,
    CompaniesImportable,
    CompaniesQueries,
    CompaniesTimeline,
    ConsentsService,
    ContactPointsService,
    CustomersTimeline,
    DuplicatesQueries,
    DuplicatesService,
    ...IMPORTING,
    ...SCANNING,
    HistoryQueries,
    LevelPinsService,
    MergedConsents,
    MergesQueries,
    MergingService,
    NewcomersService,
    RestoringService,
    ReferralsService,
    SearchableCompanies,
    SearchableCustomers,
    StatusRequirementsService,
    TimelineReader,
  ],
  controllers: [
    DuplicatesController,
    RequirementsController,
    CustomerMergingController,
    MergesController,
    CustomersExportController,
    CompaniesExportController,
    CustomersController,
    BulkController,
    CompaniesController,
    CompaniesOfCustomerController,
    ContactPointsController,
    ConsentsController,
    ContactsController,
    HistoryController,
    LevelPinController,
    ReferralsController,
    TimelineController,
  ],
})
export class CustomersApiModule {}

@Module({
  imports: [CustomersModule, RecordsModule],
  providers: [CompaniesImportable, DuplicatesWorker, LevelPinsService, LevelsWorker, ...IMPORTING, ...SCANNING],
})
export class CustomersWorkerModule {}
