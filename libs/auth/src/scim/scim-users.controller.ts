import { Allow, KeyAsBearer, NeverStored } from '@app/platform';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiUserId } from '../users/user-id.js';
import {
  ScimListQuery,
  ScimPatchBody,
  ScimResourceQuery,
  ScimUserBody,
  ScimUserListView,
  ScimUserView,
} from './scim.dto.js';
import { ApiScim, LOCATION } from './api-scim.js';
import { ScimPermissions } from './scim.policy.js';
import { SCIM_TYPE } from './scim-names.js';
import { readPatch } from './scim-patch.js';
import { patchPerson, readPerson, replacing } from './scim-person.js';
import { ScimUsersQueries } from './scim-users.queries.js';
import { ScimUsers } from './scim-users.service.js';

type Reply = { header(name: string, value: string): unknown };

@ApiTags('auth')
@NeverStored()
@KeyAsBearer()
@ApiScim()
@Allow(ScimPermissions.provision)
@Controller('scim/v2/Users')
export class ScimUsersController {
  constructor(
    private readonly users: ScimUsers,
    private readonly queries: ScimUsersQueries,
  ) {}

  @Get()
  @Header('content-type', SCIM_TYPE)
  @ApiOkResponse({ type: ScimUserListView })
  @ApiOperation({
    summary: 'Find users, for a directory',
    description: 'By `id`, `userName`, `externalId`, `emails.value` or `active`, compared by `eq` and joined by `and`.',
  })
  list(@Query() query: ScimListQuery): Promise<ScimUserListView> {
    return this.queries.list(query);
  }

  @Get(':id')
  @ApiUserId()
  @Header('content-type', SCIM_TYPE)
  @ApiOkResponse({ type: ScimUserView })
  @ApiOperation({ summary: 'One user, for a directory', description: 'As SCIM 2.0 (RFC 7643) writes it.' })
  get(@Param('id') id: string, @Query() query: ScimResourceQuery): Promise<ScimUserView> {
    return this.queries.view(id, query);
  }

  @Post()
  @Header('content-type', SCIM_TYPE)
  @ApiBody({ type: ScimUserBody })
  @ApiCreatedResponse({ type: ScimUserView, headers: LOCATION })
  @ApiOperation({
    summary: 'Provision a user',
    description:
      'Without password or invitation: they come in by the tenant’s identity provider, or by `POST /auth/password/forgot`. ' +
      'An account that has the address already, and that no directory has claimed, becomes the directory’s.',
  })
  async create(@Body() body: object, @Res({ passthrough: true }) reply: Reply): Promise<ScimUserView> {
    const made = await this.users.create(readPerson(body)).then((id) => this.queries.view(id));
    reply.header('location', made.meta.location);
    return made;
  }

  @Put(':id')
  @ApiUserId()
  @Header('content-type', SCIM_TYPE)
  @ApiBody({ type: ScimUserBody })
  @ApiOkResponse({ type: ScimUserView })
  @ApiOperation({
    summary: 'Replace a provisioned user',
    description: 'Without `active` they stay as active as they are.',
  })
  replace(@Param('id') id: string, @Body() body: object): Promise<ScimUserView> {
    return this.users.change(id, replacing(readPerson(body))).then(() => this.queries.view(id));
  }

  @Patch(':id')
  @ApiUserId()
  @Header('content-type', SCIM_TYPE)
  @ApiBody({ type: ScimPatchBody })
  @ApiOkResponse({ type: ScimUserView })
  @ApiOperation({
    summary: 'Change a provisioned user',
    description:
      'RFC 7644, section 3.5.2, in the shapes that Okta and Entra send. `active: false` ends all their sessions at once.',
  })
  patch(@Param('id') id: string, @Body() body: object): Promise<ScimUserView> {
    return this.users.change(id, patchPerson(readPatch(body))).then(() => this.queries.view(id));
  }

  @Delete(':id')
  @ApiUserId()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Deprovision a user',
    description:
      'Deactivates them, which ends their sessions at once, and takes them out of the directory’s sight. Their record stays.',
  })
  remove(@Param('id') id: string): Promise<void> {
    return this.users.remove(id);
  }
}
