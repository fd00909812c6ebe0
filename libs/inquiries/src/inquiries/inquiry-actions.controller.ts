import { Allow, IfMatch, UuidPipe } from '@app/platform';
import { Body, Controller, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AssignmentService } from './assignment.service.js';
import {
  AssignInquiryDto,
  HoldInquiryDto,
  InquiryView,
  MoveInquiryDto,
  SnoozeInquiryDto,
  toView,
} from './inquiries.dto.js';
import { INQUIRY_STATES, InquiryPermissions } from './inquiry.policy.js';
import { InquiryStatusService } from './inquiry-status.service.js';

@Controller('inquiries/:id')
@ApiTags('inquiries')
export class InquiryActionsController {
  constructor(
    private readonly assignment: AssignmentService,
    private readonly statuses: InquiryStatusService,
  ) {}

  @Post('take')
  @HttpCode(200)
  @Allow(InquiryPermissions.take)
  @ApiOperation({
    summary: 'Take an inquiry that is nobody’s',
    description:
      '409 `already_taken` names who was faster. 403 `message_hidden` where something in it is kept from you, and it is not your team’s.',
  })
  take(@Param('id', UuidPipe) id: string): Promise<InquiryView> {
    return this.assignment.take(id).then(toView);
  }

  @Post('release')
  @HttpCode(200)
  @Allow(InquiryPermissions.take)
  @ApiOperation({ summary: 'Give an inquiry back to its team' })
  release(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<InquiryView> {
    return this.assignment.release(id, version).then(toView);
  }

  @Post('assign')
  @HttpCode(200)
  @Allow(InquiryPermissions.assign)
  @ApiOperation({
    summary: 'Give an inquiry to somebody, or to another team',
    description:
      'To oneself or a team of one’s own only as one may take it: else 403 `message_hidden`. 422 `assignee_unknown`, `team_unknown`.',
  })
  assign(
    @Param('id', UuidPipe) id: string,
    @Body() to: AssignInquiryDto,
    @IfMatch() version?: number,
  ): Promise<InquiryView> {
    return this.assignment.assign(id, to, version).then(toView);
  }

  @Patch('status')
  @Allow(InquiryPermissions.update)
  @ApiOperation({
    summary: 'Move an inquiry to a status',
    description: `409 \`invalid_transition\` lists the statuses it may move to.\n\n\`\`\`mermaid\n${INQUIRY_STATES.toMermaid()}\n\`\`\``,
  })
  moveTo(
    @Param('id', UuidPipe) id: string,
    @Body() to: MoveInquiryDto,
    @IfMatch() version?: number,
  ): Promise<InquiryView> {
    return this.statuses.moveTo(id, to.status, to.reason, version).then(toView);
  }

  @Post('hold')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({ summary: 'Put an inquiry on hold, for a reason' })
  hold(
    @Param('id', UuidPipe) id: string,
    @Body() { reason }: HoldInquiryDto,
    @IfMatch() version?: number,
  ): Promise<InquiryView> {
    return this.statuses.hold(id, reason, version).then(toView);
  }

  @Post('resume')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({ summary: 'Go on with an inquiry that is on hold' })
  resume(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<InquiryView> {
    return this.statuses.resume(id, version).then(toView);
  }

  @Post('snooze')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({
    summary: 'Put an inquiry off until a time',
    description: `On hold until then: it opens by itself at that time, or earlier when the customer writes. Once more moves the time.
409 \`invalid_transition\` when it is over, \`inquiry_merged\`; 422 \`snooze_out_of_range\`.`,
  })
  snooze(
    @Param('id', UuidPipe) id: string,
    @Body() { until, note }: SnoozeInquiryDto,
    @IfMatch() version?: number,
  ): Promise<InquiryView> {
    return this.statuses.snooze(id, new Date(until), note, version).then(toView);
  }

  @Post('wake')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({
    summary: 'Open an inquiry that is snoozed, before its time',
    description: '409 `inquiry_not_snoozed`.',
  })
  wake(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<InquiryView> {
    return this.statuses.wake(id, version).then(toView);
  }

  @Post('resolve')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({
    summary: 'Resolve an inquiry',
    description: 'It closes by itself when the customer stays silent.',
  })
  resolve(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<InquiryView> {
    return this.statuses.resolve(id, version).then(toView);
  }

  @Post('close')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({ summary: 'Close a resolved inquiry' })
  close(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<InquiryView> {
    return this.statuses.close(id, version).then(toView);
  }

  @Post('reopen')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({ summary: 'Work again on an inquiry that waited or was over' })
  reopen(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<InquiryView> {
    return this.statuses.reopen(id, version).then(toView);
  }

  @Post('spam')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({ summary: 'Mark an inquiry as spam' })
  markSpam(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<InquiryView> {
    return this.statuses.markSpam(id, version).then(toView);
  }
}
