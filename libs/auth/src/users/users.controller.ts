import {
  Allow,
  ApiList,
  IfMatch,
  InPerson,
  Listed,
  type ListQuery,
  NeverStored,
  type Page,
  UuidPipe,
} from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RoleAssignments } from '../roles/role-assignments.js';
import { RolePermissions } from '../roles/role.policy.js';
import { RegistrationService } from './registration.service.js';
import { ApiUserId } from './user-id.js';
import { UserPermissions } from './user.policy.js';
import { AssignRoles, CreateUser, EditUser, UserDocument, UserView } from './users.dto.js';
import { UserList, UsersQueries } from './users.queries.js';
import { UsersService } from './users.service.js';

@ApiTags('auth')
@Controller('users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly registration: RegistrationService,
    private readonly assignments: RoleAssignments,
    private readonly queries: UsersQueries,
  ) {}

  @Get()
  @Allow(UserPermissions.read)
  @ApiList(UserList, UserView)
  @ApiOperation({ summary: 'List users', description: '`q` looks into names, e-mail address and username.' })
  list(@Listed(UserList) query: ListQuery): Promise<Page<UserView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @ApiUserId()
  @Allow(UserPermissions.read)
  @ApiOperation({ summary: 'One user', description: 'With roles and teams.' })
  get(@Param('id', UuidPipe) id: string): Promise<UserView> {
    return this.queries.view(id);
  }

  // the body may hold a password, of which a stored request would keep a fast hash
  @Post()
  @InPerson()
  @NeverStored()
  @Allow(UserPermissions.create)
  @ApiOperation({
    summary: 'Create a user',
    description: 'Without a password, the person is mailed a code to choose one.',
  })
  create(@Body() body: CreateUser): Promise<UserView> {
    return this.registration.register(body);
  }

  @Put(':id')
  @InPerson()
  @ApiUserId()
  @Allow(UserPermissions.update)
  @ApiOperation({
    summary: 'Replace a user’s name, address and settings',
    description: 'Nobody changes a user who may do more than they: 403 `exceeds_own_grants`.',
  })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() body: UserDocument,
    @IfMatch() version?: number,
  ): Promise<UserView> {
    return this.users.edit(id, version, { ...body, username: body.username ?? null }).then(() => this.queries.view(id));
  }

  @Patch(':id')
  @InPerson()
  @ApiUserId()
  @Allow(UserPermissions.update)
  @ApiOperation({ summary: 'Change a user', description: 'What is absent stays as it is.' })
  edit(@Param('id', UuidPipe) id: string, @Body() body: EditUser, @IfMatch() version?: number): Promise<UserView> {
    return this.users.edit(id, version, body).then(() => this.queries.view(id));
  }

  @Put(':id/roles')
  @InPerson()
  @ApiUserId()
  @Allow(RolePermissions.manage)
  @ApiOperation({
    summary: 'Give a user exactly these roles',
    description: 'Holds from their next request on. Nobody gives or takes what they do not hold.',
  })
  assign(
    @Param('id', UuidPipe) id: string,
    @Body() { roles }: AssignRoles,
    @IfMatch() version?: number,
  ): Promise<UserView> {
    return this.assignments.replace(id, version, roles).then(() => this.queries.view(id));
  }

  @Post(':id/deactivate')
  @InPerson()
  @ApiUserId()
  @HttpCode(200)
  @Allow(UserPermissions.deactivate)
  @ApiOperation({
    summary: 'Deactivate a user',
    description:
      'All their sessions end at once. Service tokens that they made go on, as the tenant’s: `GET /service-tokens?createdBy=` finds them. ' +
      'The last administrator stays: 422 `last_administrator`.',
  })
  deactivate(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<UserView> {
    return this.users.deactivate(id, version).then(() => this.queries.view(id));
  }

  @Post(':id/activate')
  @InPerson()
  @ApiUserId()
  @HttpCode(200)
  @Allow(UserPermissions.deactivate)
  @ApiOperation({ summary: 'Activate a deactivated user', description: 'With the roles and teams they had.' })
  activate(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<UserView> {
    return this.users.activate(id, version).then(() => this.queries.view(id));
  }

  @Delete(':id')
  @InPerson()
  @ApiUserId()
  @HttpCode(204)
  @Allow(UserPermissions.deactivate)
  @ApiOperation({
    summary: 'See a user out',
    description: 'Deactivates: a person’s record stays, since what they did names them.',
  })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.users.deactivate(id, version);
  }
}
