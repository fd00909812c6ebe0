import { Allow, InPerson, NeverStored, StepUp, UuidPipe } from '@app/platform';
import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiForbiddenResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller, From } from '../sessions/origin.js';
import { ApiUserId } from '../users/user-id.js';
import { UserPermissions } from '../users/user.policy.js';
import { UsersQueries } from '../users/users.queries.js';
import { Impersonate, ImpersonationView } from './impersonation.dto.js';
import { type Begun, ImpersonationService } from './impersonation.service.js';

@ApiTags('auth')
@Controller('users')
export class ImpersonationController {
  constructor(
    private readonly impersonations: ImpersonationService,
    private readonly users: UsersQueries,
  ) {}

  @Post(':id/impersonate')
  @NeverStored()
  @ApiUserId()
  @Allow(UserPermissions.impersonate)
  @StepUp()
  @InPerson()
  @ApiForbiddenResponse({
    description:
      '`exceeds_own_grants`: they may do more than I. `step_up_required`: show again that it is me. `impersonation_refused`: I act as somebody else already.',
  })
  @ApiOperation({
    summary: 'See the system as a user',
    description:
      'A token that opens what theirs opens, for 15 minutes, as long as my own session and rights hold; `POST /auth/logout` with it ends it. ' +
      'Every answer says so in `X-Impersonating`, `GET /auth/me` in `impersonatedBy`, and whatever is done is on record with both of us. ' +
      'They are told by mail, and see it among their sessions. What is somebody’s own is refused (`impersonation_refused`): passwords, ' +
      'factors, tokens, sign-in data, decisions, and all that asks for a step-up. 422 `impersonation_of_self`, `impersonation_of_inactive`.',
  })
  begin(
    @Param('id', UuidPipe) id: string,
    @Body() { reason }: Impersonate,
    @From() from: Caller,
  ): Promise<ImpersonationView> {
    return this.impersonations.begin(id, reason, from).then((begun) => this.toView(begun));
  }

  private async toView({ userId, accessToken, expiresIn }: Begun): Promise<ImpersonationView> {
    const user = await this.users.view(userId);
    return { token: accessToken, accessToken, tokenType: 'Bearer', expiresIn, user };
  }
}
