import { Allow, ApiList, InPerson, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiTeamId } from '../users/user-id.js';
import { MapRoles, ScimMappingView } from './scim.dto.js';
import { ScimPermissions } from './scim.policy.js';
import { ScimGroupsQueries, ScimMappingList } from './scim-groups.queries.js';
import { ScimRoles } from './scim-roles.service.js';

@ApiTags('auth')
@Allow(ScimPermissions.map)
@Controller('scim-groups')
export class ScimMappingController {
  constructor(
    private readonly roles: ScimRoles,
    private readonly queries: ScimGroupsQueries,
  ) {}

  @Get()
  @ApiList(ScimMappingList, ScimMappingView)
  @ApiOperation({
    summary: 'Which roles the directory’s groups bring',
    description: 'Every team is a group; those without roles bring none.',
  })
  list(@Listed(ScimMappingList) query: ListQuery): Promise<Page<ScimMappingView>> {
    return this.queries.mappings(query);
  }

  @Put(':id/roles')
  @InPerson()
  @ApiTeamId()
  @ApiOperation({
    summary: 'Say which roles a group brings',
    description:
      'Whoever the directory puts into the group has them, also those who are in it already; who leaves it loses what came by it. ' +
      'Nobody maps what they do not hold.',
  })
  map(@Param('id', UuidPipe) id: string, @Body() { roles }: MapRoles): Promise<ScimMappingView> {
    return this.roles.map(id, roles).then(() => this.queries.mapping(id));
  }
}
