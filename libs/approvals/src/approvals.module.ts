import { CalendarsModule } from '@app/calendars';
import { MessagingModule } from '@app/messaging';
import { Module } from '@nestjs/common';
import { ApprovalsFacade } from './approvals.facade.js';
import { BulkDecideController } from './bulk/bulk-decide.controller.js';
import { BulkDecideService } from './bulk/bulk-decide.service.js';
import { ApprovalDelegationsController } from './delegations/approval-delegations.controller.js';
import { ApprovalDelegationsQueries } from './delegations/approval-delegations.queries.js';
import { ApprovalDelegationsService } from './delegations/approval-delegations.service.js';
import { ApprovalPoliciesController } from './policies/approval-policies.controller.js';
import { ApprovalPoliciesQueries } from './policies/approval-policies.queries.js';
import { ApprovalPoliciesService } from './policies/approval-policies.service.js';
import { PatiencePeople } from './patience/patience-people.js';
import { PatienceService } from './patience/patience.service.js';
import { ApprovalsController } from './requests/approvals.controller.js';
import { ApprovalsOwnership } from './requests/approvals.ownership.js';
import { ApprovalsQueries } from './requests/approvals.queries.js';
import { ApprovalReach } from './requests/approval.reach.js';
import { ApprovalsService } from './requests/approvals.service.js';
import { ApprovalOpenings } from './requests/approval-openings.js';
import { Deciders } from './requests/deciders.js';
import { ApprovalsWorker } from './requests/approvals.worker.js';
import { HiddenDecisions, HiddenRequests } from './requests/hidden-requests.js';
import { HandingOver } from './requests/handing-over.js';
import { QueueWatch } from './requests/queue-watch.js';
import { Quorum } from './requests/quorum.js';
import { ReroutingService } from './requests/rerouting.service.js';
import { ApproverRoll } from './requests/approver-roll.js';

const providers = [
  ApprovalsFacade,
  ApprovalDelegationsService,
  ApprovalDelegationsQueries,
  ApprovalsService,
  ApprovalsOwnership,
  ApprovalsQueries,
  ApproverRoll,
  ApprovalReach,
  ApprovalOpenings,
  Deciders,
  ReroutingService,
  Quorum,
  HandingOver,
  HiddenDecisions,
  HiddenRequests,
  PatienceService,
  PatiencePeople,
  ApprovalPoliciesService,
  ApprovalPoliciesQueries,
];

@Module({ imports: [CalendarsModule, MessagingModule], providers, exports: providers })
export class ApprovalsModule {}

@Module({
  imports: [ApprovalsModule],
  controllers: [ApprovalDelegationsController, BulkDecideController, ApprovalsController, ApprovalPoliciesController],
  providers: [BulkDecideService],
})
export class ApprovalsApiModule {}

@Module({ imports: [ApprovalsModule], providers: [ApprovalsWorker, QueueWatch] })
export class ApprovalsWorkerModule {}
