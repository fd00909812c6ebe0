import { Allow, IfMatch, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DealPermissions } from '../deals/deal.policy.js';
import { DealView, toView } from '../deals/deals.dto.js';
import { ChecklistsService } from './checklists.service.js';
import { DealApprovals } from './deal-approvals.service.js';
import { AskApprovalDto, CheckPointDto, ChecklistsView } from './entry.dto.js';

@Controller('deals/:id')
@ApiTags('deals')
export class EntryController {
  constructor(
    private readonly checklists: ChecklistsService,
    private readonly approvals: DealApprovals,
  ) {}

  @Get('checklist')
  @Allow(DealPermissions.read)
  @ApiOperation({ summary: 'What the stages ask to be ticked off, and what is' })
  show(@Param('id', UuidPipe) id: string): Promise<ChecklistsView> {
    return this.checklists.of(id);
  }

  @Put('checklist')
  @Allow(DealPermissions.update)
  @ApiOperation({
    summary: 'Tick a point of a stage’s checklist off, or not',
    description:
      '409 `deal_not_open`; 422 `stage_unknown`, `point_unknown`, `stage_demands` for a point of the stage it is in.',
  })
  check(
    @Param('id', UuidPipe) id: string,
    @Body() body: CheckPointDto,
    @IfMatch() version?: number,
  ): Promise<DealView> {
    return this.checklists.check(id, body, version).then(toView);
  }

  @Post('approval')
  @HttpCode(200)
  @Allow(DealPermissions.update)
  @ApiOperation({
    summary: 'Ask that the deal may come into a stage',
    description: `By its amount, currency and discount of now; with others it is asked for anew. Others decide by
\`POST /approvals/:id/approve\`, or nobody where the policy \`deals.stage-entry\` says so. 409 \`deal_not_open\`; 422
\`stage_unknown\`, \`approval_not_needed\`.`,
  })
  ask(
    @Param('id', UuidPipe) id: string,
    @Body() { stageId }: AskApprovalDto,
    @IfMatch() version?: number,
  ): Promise<DealView> {
    return this.approvals.ask(id, stageId, version).then(toView);
  }
}
