import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiTeamId, ApiUserId } from '../users/user-id.js';
import { TeamPermissions } from './team.policy.js';
import { EditTeam, Enrol, TeamDocument, TeamView } from './teams.dto.js';
import { TeamList, TeamsQueries } from './teams.queries.js';
import { TeamsService } from './teams.service.js';

@ApiTags('auth')
@Controller('teams')
export class TeamsController {
  constructor(
    private readonly teams: TeamsService,
    private readonly queries: TeamsQueries,
  ) {}

  @Get()
  @Allow(TeamPermissions.read)
  @ApiList(TeamList, TeamView)
  @ApiOperation({ summary: 'List teams', description: 'With their members, leads first.' })
  list(@Listed(TeamList) query: ListQuery): Promise<Page<TeamView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @ApiTeamId()
  @Allow(TeamPermissions.read)
  @ApiOperation({ summary: 'One team', description: 'With its members, leads first.' })
  get(@Param('id', UuidPipe) id: string): Promise<TeamView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(TeamPermissions.manage)
  @ApiOperation({
    summary: 'Form a team',
    description:
      'What roles grant as `_team` reaches as far as the teams of whoever holds them, and all teams below those that they lead.',
  })
  create(@Body() { name, description = '', parentId = null }: TeamDocument): Promise<TeamView> {
    return this.teams.form({ name, description, parentId }).then(({ id }) => this.queries.view(id));
  }

  @Put(':id')
  @ApiTeamId()
  @Allow(TeamPermissions.manage)
  @ApiOperation({ summary: 'Replace a team’s name, description and place', description: 'Its members stay.' })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() { name, description = '', parentId = null }: TeamDocument,
    @IfMatch() version?: number,
  ): Promise<TeamView> {
    return this.teams.edit(id, version, { name, description, parentId }).then(() => this.queries.view(id));
  }

  @Patch(':id')
  @ApiTeamId()
  @Allow(TeamPermissions.manage)
  @ApiOperation({ summary: 'Change a team', description: 'What is absent stays as it is.' })
  edit(@Param('id', UuidPipe) id: string, @Body() body: EditTeam, @IfMatch() version?: number): Promise<TeamView> {
    return this.teams.edit(id, version, body).then(() => this.queries.view(id));
  }

  @Delete(':id')
  @ApiTeamId()
  @HttpCode(204)
  @Allow(TeamPermissions.manage)
  @ApiOperation({ summary: 'Dissolve a team', description: 'Its members stay users; teams below it move up.' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.teams.dissolve(id, version);
  }

  @Put(':id/members/:userId')
  @ApiUserId('userId')
  @ApiTeamId()
  @Allow(TeamPermissions.manage)
  @ApiOperation({
    summary: 'Take somebody into a team',
    description: 'Or make a member its lead. Holds from their next request on.',
  })
  enrol(
    @Param('id', UuidPipe) id: string,
    @Param('userId', UuidPipe) userId: string,
    @Body() { isLead = false }: Enrol,
  ): Promise<TeamView> {
    return this.teams.enrol(id, userId, isLead).then(() => this.queries.view(id));
  }

  @Delete(':id/members/:userId')
  @ApiUserId('userId')
  @ApiTeamId()
  @HttpCode(204)
  @Allow(TeamPermissions.manage)
  @ApiOperation({
    summary: 'Dismiss a member',
    description: 'They lose what the team let them see from their next request on.',
  })
  dismiss(@Param('id', UuidPipe) id: string, @Param('userId', UuidPipe) userId: string): Promise<void> {
    return this.teams.dismiss(id, userId);
  }
}
