import { ApprovalPermissions } from '@app/approvals';
import { Allow, IfMatch, InPerson, UuidPipe } from '@app/platform';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ResponsePermissions } from './response.policy.js';
import { DecisionsService } from './decisions.service.js';
import {
  ApproveResponseDto,
  DelegateResponseDto,
  RejectResponseDto,
  type ResponseView,
  toView,
} from './responses.dto.js';

@Controller('responses')
@ApiTags('responses')
export class ResponseDecisionsController {
  constructor(private readonly decisions: DecisionsService) {}

  @Post(':id/approve')
  @InPerson()
  @HttpCode(200)
  @Allow(ApprovalPermissions.decide, ResponsePermissions.submit)
  @ApiOperation({
    summary: 'Approve the revision that was seen',
    description:
      'Stays `pending_approval` while others have to agree as well. Nobody approves what they had a hand in, unless the policy of the tenant allows it (`self_approval`), what waits for others (`not_called_upon`), or twice in one round (`voice_given`).',
  })
  approve(
    @Param('id', UuidPipe) id: string,
    @Body() body: ApproveResponseDto,
    @IfMatch() version?: number,
  ): Promise<ResponseView> {
    return this.decisions.approve(id, { revision: body.revision, version }, body.approvalNotes ?? null).then(toView);
  }

  @Post(':id/reject')
  @InPerson()
  @HttpCode(200)
  @Allow(ApprovalPermissions.decide, ResponsePermissions.submit)
  @ApiOperation({ summary: 'Return the revision that was seen to its author, and say why' })
  reject(
    @Param('id', UuidPipe) id: string,
    @Body() body: RejectResponseDto,
    @IfMatch() version?: number,
  ): Promise<ResponseView> {
    return this.decisions.reject(id, { revision: body.revision, version }, body.approvalNotes).then(toView);
  }

  @Post(':id/delegate')
  @InPerson()
  @HttpCode(200)
  @Allow(ApprovalPermissions.decide)
  @ApiOperation({
    summary: 'Pass on to another person what waits for your approval',
    description:
      'Who gets it is told by mail. A place that is yours by name is theirs from then on; where it waits for a role, a team or anyone, they may decide as well. Refused: `approver_unknown`, `delegate_excluded` for who cannot decide on it, `not_called_upon`, `stale_revision`, `already_decided`.',
  })
  delegate(
    @Param('id', UuidPipe) id: string,
    @Body() { revision, toUserId }: DelegateResponseDto,
    @IfMatch() version?: number,
  ): Promise<ResponseView> {
    return this.decisions.delegate(id, { revision, version }, toUserId.toLowerCase()).then(toView);
  }
}
