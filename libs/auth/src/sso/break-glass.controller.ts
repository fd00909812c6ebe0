import { Allow, IfMatch, InPerson, StepUp, UuidPipe } from '@app/platform';
import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiForbiddenResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { ApiUserId } from '../users/user-id.js';
import { UserView } from '../users/users.dto.js';
import { UsersQueries } from '../users/users.queries.js';
import { BreakGlassService } from './break-glass.service.js';
import { SsoPermissions } from './sso.policy.js';
import { BreakGlass } from './sso-providers.dto.js';

@ApiTags('auth')
@InPerson()
@Controller('users/:id/break-glass')
export class BreakGlassController {
  constructor(
    private readonly breakGlass: BreakGlassService,
    private readonly users: UsersQueries,
  ) {}

  @Put()
  @ApiUserId()
  @Allow(SsoPermissions.manage)
  @StepUp()
  @ApiForbiddenResponse({
    description: '`exceeds_own_grants`: they may do more than I. `step_up_required`: show again that it is me.',
  })
  @ApiUnprocessableEntityResponse({
    description: '`break_glass_needs_password`, or `break_glass_missing`: the last administrator who may stays.',
  })
  @ApiOperation({
    summary: 'Say who may come in without the identity provider',
    description: 'For the day that a required provider is out of order. Each such login is on record as `broke_glass`.',
  })
  set(
    @Param('id', UuidPipe) id: string,
    @Body() { isBreakGlass }: BreakGlass,
    @IfMatch() version?: number,
  ): Promise<UserView> {
    return this.breakGlass.set(id, version, isBreakGlass).then(() => this.users.view(id));
  }
}
