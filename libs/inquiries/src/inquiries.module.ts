import { CalendarsModule } from '@app/calendars';
import { CustomersModule } from '@app/customers';
import { MailModule } from '@app/mail';
import { MessagingModule } from '@app/messaging';
import { RecordsModule } from '@app/records';
import { Module } from '@nestjs/common';
import { InquiriesBulkController } from './bulk/bulk.controller.js';
import { InquiriesBulkService } from './bulk/bulk.service.js';
import { InquiryVerbs } from './bulk/inquiry-verbs.js';
import { ConversationController } from './conversation/conversation.controller.js';
import { ConversationQueries } from './conversation/conversation.queries.js';
import { ConversationService } from './conversation/conversation.service.js';
import { DistributionCalls } from './distribution/distribution-calls.js';
import { DistributionRulesService } from './distribution/distribution-rules.service.js';
import { DistributionRulesController, DistributionsController } from './distribution/distributions.controller.js';
import { DistributionsQueries } from './distribution/distributions.queries.js';
import { DistributionsService } from './distribution/distributions.service.js';
import { DistributionsWorker } from './distribution/distributions.worker.js';
import { TeamAtWork } from './distribution/team-at-work.js';
import { EscalationsService } from './escalation/escalations.service.js';
import { EscalationsWorker } from './escalation/escalations.worker.js';
import { Superiors } from './escalation/superiors.js';
import { ExportingController } from './exporting/exporting.controller.js';
import { ExportingService } from './exporting/exporting.service.js';
import { IntakeService } from './intake/intake.service.js';
import { InquiryIntakeWorker } from './intake/intake.worker.js';
import { MailOpenings } from './intake/mail-openings.service.js';
import { AssignmentService } from './inquiries/assignment.service.js';
import { InquiriesAudience } from './inquiries/inquiries.audience.js';
import { InquiriesController } from './inquiries/inquiries.controller.js';
import { BelongingsOfInquiries, CustomersOfMyInquiries } from './inquiries/inquiries.ports.js';
import { InquiriesOfCustomers } from './inquiries/inquiries.customer-records.js';
import { InquiriesOwnership } from './inquiries/inquiries.ownership.js';
import { InquiriesQueries } from './inquiries/inquiries.queries.js';
import { InquiriesService } from './inquiries/inquiries.service.js';
import { InquiriesTimeline } from './inquiries/inquiries.timeline.js';
import { InquiriesWorker } from './inquiries/inquiries.worker.js';
import { InquiryActionsController } from './inquiries/inquiry-actions.controller.js';
import { InquiryFieldHost } from './inquiries/inquiry.field-host.js';
import { InquiryRecordFields } from './inquiries/inquiry.fields.js';
import { InquiryFacts } from './inquiries/inquiry.facts.js';
import { InquiryStatusService } from './inquiries/inquiry-status.service.js';
import { InquiryTrashController } from './inquiries/inquiry-trash.controller.js';
import { InquiryTrashService } from './inquiries/inquiry-trash.service.js';
import { InquiryWork } from './inquiries/inquiry-work.js';
import { InquiryReach } from './inquiries/inquiry.reach.js';
import { InquiryRecordType } from './inquiries/inquiry.record-type.js';
import { SearchableInquiries } from './inquiries/inquiry.searchable.js';
import { Openings } from './inquiries/openings.service.js';
import { InquiriesFacade } from './inquiries.facade.js';
import { LinksController } from './links/links.controller.js';
import { LinksQueries } from './links/links.queries.js';
import { LinksService } from './links/links.service.js';
import { InquiryHomes } from './merging/inquiry-homes.js';
import { MacrosController } from './macros/macros.controller.js';
import { MacrosQueries } from './macros/macros.queries.js';
import { MacroReach } from './macros/macro.reach.js';
import { MacrosService } from './macros/macros.service.js';
import { MergingController } from './merging/merging.controller.js';
import { MergingService } from './merging/merging.service.js';
import { Parting } from './merging/parting.service.js';
import { InquirySettingsController } from './settings/inquiry-settings.controller.js';
import { InquirySettingsService } from './settings/inquiry-settings.service.js';
import { DeskWatch } from './sla/desk-watch.js';
import { InquiryClocks } from './sla/inquiry-clocks.service.js';
import { SatisfactionController, SurveysController } from './satisfaction/satisfaction.controller.js';
import { SatisfactionService } from './satisfaction/satisfaction.service.js';
import { SatisfactionWorker } from './satisfaction/satisfaction.worker.js';
import { SurveysService } from './satisfaction/surveys.service.js';
import { PresenceController } from './presence/presence.controller.js';
import { HiddenEscalations, HiddenMessages, HiddenQuestions } from './visibility/hidden-messages.js';
import { MessageVisibilityController } from './visibility/message-visibility.controller.js';
import { MessageVisibilityService } from './visibility/message-visibility.service.js';
import { NoticesWorker } from './watching/notices.worker.js';
import { WatchersController } from './watching/watchers.controller.js';
import { WatchersQueries } from './watching/watchers.queries.js';
import { WatchersService } from './watching/watchers.service.js';
import { HiddenSideConversations, HiddenSideMessages } from './side-conversations/hidden-side-words.js';
import { SideAnswers } from './side-conversations/side-answers.service.js';
import {
  InquirySideConversationsController,
  SideConversationsController,
} from './side-conversations/side-conversations.controller.js';
import { SideConversationsQueries } from './side-conversations/side-conversations.queries.js';
import { SideConversationsService } from './side-conversations/side-conversations.service.js';
import { SideDeliveriesWorker } from './side-conversations/side-deliveries.worker.js';
import { SideLetters } from './side-conversations/side-letters.js';
import { SideReach } from './side-conversations/side.reach.js';
import { SideRecipients } from './side-conversations/side-recipients.js';
import { SplittingController } from './splitting/splitting.controller.js';
import { SplittingService } from './splitting/splitting.service.js';
import { InquirySlaController, SlaPoliciesController } from './sla/sla.controller.js';
import { SlaQueries } from './sla/sla.queries.js';
import { SlaTerms } from './sla/sla-terms.js';
import { SlaPoliciesService } from './sla/sla-policies.service.js';
import { InquirySlaWorker } from './sla/sla.worker.js';

const RECORDS = [
  InquiryReach,
  MergingService,
  Parting,
  InquiryWork,
  Openings,
  InquiriesService,
  AssignmentService,
  InquiryStatusService,
  InquiriesQueries,
];
const PORTS = [
  CustomersOfMyInquiries,
  BelongingsOfInquiries,
  InquiriesAudience,
  InquiriesTimeline,
  InquiryFacts,
  InquiryFieldHost,
  InquiryRecordFields,
  InquiriesOwnership,
  InquiriesOfCustomers,
  InquiryRecordType,
  SearchableInquiries,
  HiddenEscalations,
  HiddenMessages,
  HiddenQuestions,
  HiddenSideConversations,
  HiddenSideMessages,
];
const CONVERSATION = [ConversationService, ConversationQueries, InquiryHomes];
const MACROS = [MacroReach, MacrosService];
const DISTRIBUTION = [DistributionCalls, DistributionsService, TeamAtWork];
const PROMISES = [InquiryClocks, SlaTerms, SlaPoliciesService, InquirySettingsService];

const QUERIES = [LinksQueries, MacrosQueries, DistributionsQueries, WatchersQueries, SlaQueries];
const SIDE = [SideConversationsQueries, SideConversationsService, SideLetters, SideReach, SideRecipients];
const WORKERS = [
  InquiriesWorker,
  InquirySlaWorker,
  InquiryIntakeWorker,
  EscalationsWorker,
  DistributionsWorker,
  NoticesWorker,
  SideDeliveriesWorker,
  SatisfactionWorker,
  DeskWatch,
];

@Module({
  imports: [CalendarsModule, CustomersModule, MailModule, RecordsModule],
  providers: [...RECORDS, ...CONVERSATION, ...PROMISES, ...MACROS, ...DISTRIBUTION, InquiriesFacade, ...PORTS],
  exports: [
    ...RECORDS,
    ...CONVERSATION,
    ...PROMISES,
    ...MACROS,
    ...DISTRIBUTION,
    InquiriesFacade,
    CustomersModule,
    MailModule,
  ],
})
export class InquiriesModule {}

@Module({
  imports: [InquiriesModule, MessagingModule],
  controllers: [
    InquiriesBulkController,
    InquiryTrashController,
    InquiriesController,
    InquiryActionsController,
    ConversationController,
    MessageVisibilityController,
    MergingController,
    SplittingController,
    LinksController,
    ExportingController,
    WatchersController,
    InquirySideConversationsController,
    SideConversationsController,
    PresenceController,
    SurveysController,
    SatisfactionController,
    MacrosController,
    DistributionRulesController,
    DistributionsController,
    SlaPoliciesController,
    InquirySlaController,
    InquirySettingsController,
  ],
  providers: [
    InquiriesBulkService,
    InquiryVerbs,
    InquiryTrashService,
    SplittingService,
    MessageVisibilityService,
    LinksService,
    DistributionRulesService,
    WatchersService,
    ExportingService,
    SurveysService,
    ...QUERIES,
    ...SIDE,
  ],
})
export class InquiriesApiModule {}

@Module({
  imports: [InquiriesModule, MessagingModule, RecordsModule],
  providers: [
    IntakeService,
    MailOpenings,
    EscalationsService,
    Superiors,
    WatchersService,
    SatisfactionService,
    SideAnswers,
    ...WORKERS,
  ],
})
export class InquiriesWorkerModule {}
