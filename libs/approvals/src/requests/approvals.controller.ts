import type { Actor } from '@app/kernel';
import { Allow, ApiList, CurrentActor, InPerson, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApprovalPermissions } from './approval.policy.js';
import { ApprovalDetailView, ApprovalView, ApproveDto, RejectDto } from './approvals.dto.js';
import { ApprovalList, ApprovalQueue, ApprovalsQueries } from './approvals.queries.js';
import { ApprovalsService } from './approvals.service.js';

const REFUSALS =
  '403 `self_approval`, `not_called_upon` where the stage waits for others; 409 `stale_revision`, `already_decided`, `voice_given` where you have decided in this round before.';

@Controller('approvals')
@ApiTags('approvals')
export class ApprovalsController {
  constructor(
    private readonly approvals: ApprovalsService,
    private readonly queries: ApprovalsQueries,
  ) {}

  @Get()
  @Allow(ApprovalPermissions.read)
  @ApiOperation({ summary: 'List approval requests' })
  @ApiList(ApprovalList, ApprovalView)
  list(@CurrentActor() actor: Actor, @Listed(ApprovalList) query: ListQuery): Promise<Page<ApprovalView>> {
    return this.queries.list(actor, query);
  }

  @Get('queue')
  @Allow(ApprovalPermissions.decide)
  @ApiOperation({ summary: 'List what waits for a decision, the soonest due first' })
  @ApiList(ApprovalQueue, ApprovalView)
  queue(@CurrentActor() actor: Actor, @Listed(ApprovalQueue) query: ListQuery): Promise<Page<ApprovalView>> {
    return this.queries.queue(actor, query);
  }

  @Get(':id')
  @Allow(ApprovalPermissions.read)
  @ApiOperation({ summary: 'Read an approval request with its decisions' })
  read(@CurrentActor() actor: Actor, @Param('id', UuidPipe) id: string): Promise<ApprovalDetailView> {
    return this.queries.view(actor, id);
  }

  @Post(':id/approve')
  @InPerson()
  @HttpCode(200)
  @Allow(ApprovalPermissions.decide)
  @ApiOperation({
    summary: 'Approve the revision that was seen, whatever its subject',
    description: `Stays \`pending\` while others have to agree as well. ${REFUSALS}`,
  })
  approve(
    @CurrentActor() actor: Actor,
    @Param('id', UuidPipe) id: string,
    @Body() { revision, approvalNotes = null }: ApproveDto,
  ): Promise<ApprovalDetailView> {
    return this.approvals.decideOn(id, 'approved', revision, approvalNotes).then(() => this.queries.view(actor, id));
  }

  @Post(':id/reject')
  @InPerson()
  @HttpCode(200)
  @Allow(ApprovalPermissions.decide)
  @ApiOperation({
    summary: 'Return the revision that was seen to its author, and say why',
    description: `Ends the round, at whichever stage it is. ${REFUSALS}`,
  })
  reject(
    @CurrentActor() actor: Actor,
    @Param('id', UuidPipe) id: string,
    @Body() { revision, approvalNotes }: RejectDto,
  ): Promise<ApprovalDetailView> {
    return this.approvals.decideOn(id, 'rejected', revision, approvalNotes).then(() => this.queries.view(actor, id));
  }
}
