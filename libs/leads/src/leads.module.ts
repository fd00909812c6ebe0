import { CustomersModule } from '@app/customers';
import { DealsModule } from '@app/deals';
import { MailModule } from '@app/mail';
import { RecordsModule } from '@app/records';
import { Module } from '@nestjs/common';
import { LeadConversionController } from './conversion/conversion.controller.js';
import { ConversionParts } from './conversion/conversion-parts.js';
import { ConversionService } from './conversion/conversion.service.js';
import { CandidatesQueries } from './cleanup/candidates.queries.js';
import { LeadCleanupController } from './cleanup/cleanup.controller.js';
import { CleanupService } from './cleanup/cleanup.service.js';
import { CleanupWorker } from './cleanup/cleanup.worker.js';
import { CleanupsQueries } from './cleanup/cleanups.queries.js';
import { LeadConversationController } from './conversation/conversation.controller.js';
import { ConversationQueries } from './conversation/conversation.queries.js';
import { LeadIntake } from './intake/lead-intake.service.js';
import { LeadActionsController } from './leads/lead-actions.controller.js';
import { LeadFieldHost } from './leads/lead.field-host.js';
import { LeadReach } from './leads/lead.reach.js';
import { LeadRecordFields } from './leads/lead.fields.js';
import { LeadRecordType } from './leads/lead.record-type.js';
import { SearchableLeads } from './leads/lead.searchable.js';
import { LeadStatusService } from './leads/lead-status.service.js';
import { LeadWork } from './leads/lead-work.js';
import { LeadsAudience } from './leads/leads.audience.js';
import { LeadsController } from './leads/leads.controller.js';
import { LeadsOfCustomers } from './leads/leads.customer-records.js';
import { LeadsOwnership } from './leads/leads.ownership.js';
import { LeadsQueries } from './leads/leads.queries.js';
import { LeadsService } from './leads/leads.service.js';
import { LeadsTimeline } from './leads/leads.timeline.js';
import { Joining } from './merging/joining.js';
import { LeadMergesQueries } from './merging/merges.queries.js';
import { LeadMergingController } from './merging/merging.controller.js';
import { MergingService } from './merging/merging.service.js';
import { LeadSettingsController } from './settings/lead-settings.controller.js';
import { LeadSettingsService } from './settings/lead-settings.service.js';

const PORTS = [
  LeadFieldHost,
  LeadRecordFields,
  LeadRecordType,
  LeadsAudience,
  LeadsOfCustomers,
  LeadsOwnership,
  LeadsTimeline,
  SearchableLeads,
];

const CLEANING = [CandidatesQueries, CleanupService, Joining];

@Module({
  imports: [CustomersModule, DealsModule, MailModule, RecordsModule],
  providers: [LeadReach, LeadWork, LeadSettingsService, ...CLEANING, ...PORTS],
  exports: [
    LeadReach,
    LeadWork,
    LeadSettingsService,
    ...CLEANING,
    CustomersModule,
    DealsModule,
    MailModule,
    RecordsModule,
  ],
})
export class LeadsModule {}

@Module({
  imports: [LeadsModule],
  controllers: [
    // before what takes any word for an id
    LeadCleanupController,
    LeadMergingController,
    LeadsController,
    LeadActionsController,
    LeadConversionController,
    LeadConversationController,
    LeadSettingsController,
  ],
  providers: [
    LeadsService,
    LeadStatusService,
    LeadsQueries,
    ConversionParts,
    ConversionService,
    ConversationQueries,
    CleanupsQueries,
    LeadMergesQueries,
    MergingService,
  ],
})
export class LeadsApiModule {}

@Module({ imports: [LeadsModule], providers: [LeadIntake, CleanupWorker] })
export class LeadsWorkerModule {}
