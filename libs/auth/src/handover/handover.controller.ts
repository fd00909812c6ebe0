import { Allow, InPerson, UuidPipe } from '@app/platform';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiUserId } from '../users/user-id.js';
import { UserPermissions } from '../users/user.policy.js';
import { HandOver, type HandoverView, toHandoverView, toWish } from './handover.dto.js';
import { HandoverService } from './handover.service.js';

@ApiTags('auth')
@InPerson()
@Controller('users')
export class HandoverController {
  constructor(private readonly handovers: HandoverService) {}

  @Post(':id/handover')
  @ApiUserId()
  @HttpCode(200)
  @Allow(UserPermissions.handOver)
  @ApiOperation({
    summary: 'Pass on what is a user’s',
    description:
      'Customers, inquiries that are not over, drafts and pending approvals become a colleague’s, all in one commit. ' +
      '`dryRun` counts them. `deactivate` closes the account in the same commit, so that nothing becomes theirs in between. Nobody passes on the work of a user who may do more than they: 403 `exceeds_own_grants`.',
  })
  handOver(@Param('id', UuidPipe) id: string, @Body() body: HandOver): Promise<HandoverView> {
    return this.handovers.handOver(id, toWish(body)).then(toHandoverView);
  }
}
