import { Allow, InPerson, StepUp, UuidPipe } from '@app/platform';
import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiForbiddenResponse, ApiNotFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiUserId } from '../users/user-id.js';
import { UserPermissions } from '../users/user.policy.js';
import { FactorReset } from './factor-reset.service.js';

@ApiTags('auth')
@InPerson()
@Controller('users/:id/mfa')
export class FactorResetController {
  constructor(private readonly resets: FactorReset) {}

  @Delete()
  @HttpCode(204)
  @ApiUserId()
  @Allow(UserPermissions['reset-mfa'])
  @StepUp()
  @ApiForbiddenResponse({
    description: '`exceeds_own_grants`: they may do more than I. `step_up_required`: show again that it is me.',
  })
  @ApiNotFoundResponse({ description: 'No such user, or `mfa_not_enrolled`: there is no second factor.' })
  @ApiOperation({
    summary: 'Reset a user’s second factor',
    description:
      'For somebody who lost the device and the recovery codes: both are gone, every session of theirs ends, and they are told by mail. ' +
      'My own is not reset here: 422 `mfa_own_reset`.',
  })
  reset(@Param('id', UuidPipe) id: string): Promise<void> {
    return this.resets.reset(id);
  }
}
