import { Allow, KeyAsBearer, NeverStored } from '@app/platform';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiTeamId } from '../users/user-id.js';
import {
  ScimGroupBody,
  ScimGroupListView,
  ScimGroupView,
  ScimListQuery,
  ScimPatchBody,
  ScimResourceQuery,
} from './scim.dto.js';
import { ApiScim, LOCATION } from './api-scim.js';
import { ScimPermissions } from './scim.policy.js';
import { patchGroup, readGroup } from './scim-group.js';
import { ScimGroupsQueries } from './scim-groups.queries.js';
import { ScimGroups } from './scim-groups.service.js';
import { SCIM_TYPE } from './scim-names.js';
import { readPatch } from './scim-patch.js';

type Reply = { header(name: string, value: string): unknown };

@ApiTags('auth')
@NeverStored()
@KeyAsBearer()
@ApiScim()
@Allow(ScimPermissions.provision)
@Controller('scim/v2/Groups')
export class ScimGroupsController {
  constructor(
    private readonly groups: ScimGroups,
    private readonly queries: ScimGroupsQueries,
  ) {}

  @Get()
  @Header('content-type', SCIM_TYPE)
  @ApiOkResponse({ type: ScimGroupListView })
  @ApiOperation({
    summary: 'Find groups, for a directory',
    description: 'Groups are teams. By `id`, `displayName`, `externalId` or `members.value`, compared by `eq`.',
  })
  list(@Query() query: ScimListQuery): Promise<ScimGroupListView> {
    return this.queries.list(query);
  }

  @Get(':id')
  @ApiTeamId()
  @Header('content-type', SCIM_TYPE)
  @ApiOkResponse({ type: ScimGroupView })
  @ApiOperation({
    summary: 'One group, for a directory',
    description: '`excludedAttributes=members` leaves its members out.',
  })
  get(@Param('id') id: string, @Query() query: ScimResourceQuery): Promise<ScimGroupView> {
    return this.queries.view(id, query);
  }

  @Post()
  @Header('content-type', SCIM_TYPE)
  @ApiBody({ type: ScimGroupBody })
  @ApiCreatedResponse({ type: ScimGroupView, headers: LOCATION })
  @ApiOperation({
    summary: 'Provision a group',
    description: 'A team of that name. It brings the roles that are mapped to it.',
  })
  async create(@Body() body: object, @Res({ passthrough: true }) reply: Reply): Promise<ScimGroupView> {
    const made = await this.groups.create(readGroup(body)).then((id) => this.queries.view(id));
    reply.header('location', made.meta.location);
    return made;
  }

  @Put(':id')
  @ApiTeamId()
  @Header('content-type', SCIM_TYPE)
  @ApiBody({ type: ScimGroupBody })
  @ApiOkResponse({ type: ScimGroupView })
  @ApiOperation({
    summary: 'Replace a group',
    description: 'Its members are exactly these from then on; who leads it still does.',
  })
  replace(@Param('id') id: string, @Body() body: object): Promise<ScimGroupView> {
    return this.groups.replace(id, readGroup(body)).then(() => this.queries.view(id));
  }

  @Patch(':id')
  @ApiTeamId()
  @Header('content-type', SCIM_TYPE)
  @ApiBody({ type: ScimPatchBody })
  @ApiOkResponse({ type: ScimGroupView })
  @ApiOperation({
    summary: 'Change a group',
    description: 'Members come and go by `members` and `members[value eq "…"]`.',
  })
  patch(@Param('id') id: string, @Body() body: object): Promise<ScimGroupView> {
    return this.groups.change(id, patchGroup(readPatch(body))).then(() => this.queries.view(id));
  }

  @Delete(':id')
  @ApiTeamId()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Deprovision a group',
    description: 'Dissolves the team; its members stay users, without the roles it brought.',
  })
  remove(@Param('id') id: string): Promise<void> {
    return this.groups.remove(id);
  }
}
