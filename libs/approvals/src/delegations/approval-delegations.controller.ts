import type { Actor } from '@app/kernel';
import {
  Allow,
  ApiList,
  CurrentActor,
  IfMatch,
  InPerson,
  Listed,
  type ListQuery,
  type Page,
  UuidPipe,
} from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApprovalPermissions } from '../requests/approval.policy.js';
import { ApprovalDelegationView, DelegateApprovalsDto, toView } from './approval-delegations.dto.js';
import { ApprovalDelegationList, ApprovalDelegationsQueries } from './approval-delegations.queries.js';
import { ApprovalDelegationsService } from './approval-delegations.service.js';

@Controller('approvals/delegations')
@ApiTags('approvals')
export class ApprovalDelegationsController {
  constructor(
    private readonly delegations: ApprovalDelegationsService,
    private readonly queries: ApprovalDelegationsQueries,
  ) {}

  @Get()
  @Allow(ApprovalPermissions.decide, ApprovalPermissions.manage)
  @ApiOperation({ summary: 'List who decides in whose place' })
  @ApiList(ApprovalDelegationList, ApprovalDelegationView)
  list(
    @CurrentActor() actor: Actor,
    @Listed(ApprovalDelegationList) query: ListQuery,
  ): Promise<Page<ApprovalDelegationView>> {
    return this.queries.list(actor, query);
  }

  @Post()
  @InPerson()
  @Allow(ApprovalPermissions.decide, ApprovalPermissions.manage)
  @ApiOperation({
    summary: 'Let somebody decide in a place while its holder is absent',
    description:
      'What waits for the absent person by name, by role or by team then waits for the delegate too; whoever of the two is first decides. Both are on record, and neither may have had a hand in it. Refused: `approver_unknown`, `delegation_to_self`, `delegation_without_time`, `delegation_overlaps`; for others without `approvals:manage`, `permission_missing`.',
  })
  delegate(
    @CurrentActor() actor: Actor,
    @Body() { toUserId, from, until, userId = actor.id }: DelegateApprovalsDto,
  ): Promise<ApprovalDelegationView> {
    const absence = { userId: userId.toLowerCase(), delegateId: toUserId.toLowerCase(), fromAt: from, untilAt: until };
    return this.delegations.delegate(absence).then(toView);
  }

  @Delete(':id')
  @InPerson()
  @HttpCode(204)
  @Allow(ApprovalPermissions.decide, ApprovalPermissions.manage)
  @ApiOperation({ summary: 'End a delegation before its time', description: '`delegation_over` where it is over.' })
  revoke(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.delegations.revoke(id, version);
  }
}
