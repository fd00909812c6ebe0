import { ApprovalsModule } from '@app/approvals';
import { CustomersModule } from '@app/customers';
import { InquiriesModule } from '@app/inquiries';
import { MessagingModule } from '@app/messaging';
import { Module } from '@nestjs/common';
import { ResponseDecisionsController } from './responses/decisions.controller.js';
import { DecisionsService } from './responses/decisions.service.js';
import { DraftRules } from './responses/draft-rules.js';
import { HiddenResponses } from './responses/hidden-responses.js';
import { QuotedFacts } from './responses/quoted-facts.js';
import { DraftsOwnership } from './responses/drafts.ownership.js';
import { ResponseApprovalsWorker } from './responses/response-approvals.worker.js';
import { ResponseFacts } from './responses/response-facts.js';
import { ResponseRecords } from './responses/response-records.js';
import { ResponsesController } from './responses/responses.controller.js';
import { ResponsesOfCustomers } from './responses/responses.customer-records.js';
import { ResponsesQueries } from './responses/responses.queries.js';
import { ResponsesService } from './responses/responses.service.js';
import { ResponsesTimeline } from './responses/responses.timeline.js';
import { SubmissionsService } from './responses/submissions.service.js';
import { OutcomesService } from './sending/outcomes.service.js';
import { ResponsesWorker } from './sending/responses.worker.js';
import { ResponseSendingController } from './sending/sending.controller.js';
import { SendingGuard } from './sending/sending-guard.js';
import { SendingService } from './sending/sending.service.js';
import { ResponseSettingsController } from './settings/response-settings.controller.js';
import { ResponseSettingsService } from './settings/response-settings.service.js';

const PORTS = [DraftsOwnership, HiddenResponses, ResponsesOfCustomers, ResponsesTimeline];
const services = [ResponsesService, SubmissionsService, DecisionsService, SendingService, ResponseSettingsService];

@Module({
  imports: [ApprovalsModule, CustomersModule, InquiriesModule, MessagingModule],
  providers: [...PORTS, DraftRules, QuotedFacts, ResponseFacts, ResponseRecords, SendingGuard, ...services],
  exports: [ResponseRecords, ...services],
})
export class ResponsesModule {}

@Module({
  imports: [ResponsesModule, ApprovalsModule],
  controllers: [
    ResponsesController,
    ResponseDecisionsController,
    ResponseSendingController,
    ResponseSettingsController,
  ],
  providers: [ResponsesQueries],
})
export class ResponsesApiModule {}

@Module({
  imports: [ResponsesModule, MessagingModule, InquiriesModule],
  providers: [OutcomesService, ResponseApprovalsWorker, ResponsesWorker],
})
export class ResponsesWorkerModule {}
