import { AllowAuthenticated, IfMatch, InPerson } from '@app/platform';
import { Body, Controller, Get, Patch, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { currentUser } from '../sessions/sessions.queries.js';
import { EditProfile, UserView } from './users.dto.js';
import { UsersQueries } from './users.queries.js';
import { UsersService } from './users.service.js';

@ApiTags('auth')
@Controller('auth/profile')
export class ProfileController {
  constructor(
    private readonly users: UsersService,
    private readonly queries: UsersQueries,
  ) {}

  @Get()
  @AllowAuthenticated({ evenRestricted: true })
  @ApiOperation({ summary: 'My profile', description: 'My own record as others see it.' })
  get(): Promise<UserView> {
    return this.queries.view(currentUser().id);
  }

  @Put()
  @InPerson()
  @AllowAuthenticated()
  @ApiOperation({
    summary: 'Change my profile',
    description:
      'Name, zone and language. What is absent stays as it is; address, roles and status are not mine to change.',
  })
  replace(@Body() body: EditProfile, @IfMatch() version?: number): Promise<UserView> {
    return this.users.editOwnProfile(version, body).then(() => this.queries.view(currentUser().id));
  }

  @Patch()
  @InPerson()
  @AllowAuthenticated()
  @ApiOperation({ summary: 'Change part of my profile', description: 'As PUT: what is absent stays as it is.' })
  edit(@Body() body: EditProfile, @IfMatch() version?: number): Promise<UserView> {
    return this.users.editOwnProfile(version, body).then(() => this.queries.view(currentUser().id));
  }
}
