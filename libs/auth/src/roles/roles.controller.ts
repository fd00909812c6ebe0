import { Allow, ApiList, IfMatch, InPerson, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RolePermissions } from './role.policy.js';
import { EditRole, RoleDocument, RoleView } from './roles.dto.js';
import { RoleList, RolesQueries } from './roles.queries.js';
import { RolesService } from './roles.service.js';

@ApiTags('auth')
@Controller('roles')
export class RolesController {
  constructor(
    private readonly roles: RolesService,
    private readonly queries: RolesQueries,
  ) {}

  @Get()
  @Allow(RolePermissions.read)
  @ApiList(RoleList, RoleView)
  @ApiOperation({ summary: 'List roles', description: 'The seeded bundles and what the tenant made of them.' })
  list(@Listed(RoleList) query: ListQuery): Promise<Page<RoleView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(RolePermissions.read)
  @ApiOperation({ summary: 'One role', description: 'With its grants and the number of users who have it.' })
  get(@Param('id', UuidPipe) id: string): Promise<RoleView> {
    return this.queries.view(id);
  }

  @Post()
  @InPerson()
  @Allow(RolePermissions.manage)
  @ApiOperation({
    summary: 'Define a role',
    description: 'Nobody grants what they do not hold: 403 `exceeds_own_grants` names it.',
  })
  create(@Body() { name, description = '', grants, mfaRequired = false }: RoleDocument): Promise<RoleView> {
    return this.roles.define({ name, description, grants, mfaRequired }).then(({ id }) => this.queries.view(id));
  }

  @Put(':id')
  @InPerson()
  @Allow(RolePermissions.manage)
  @ApiOperation({
    summary: 'Replace a role',
    description: 'Holds for everybody who has it from their next request on.',
  })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() { name, description = '', ...body }: RoleDocument,
    @IfMatch() version?: number,
  ): Promise<RoleView> {
    return this.roles.edit(id, version, { name, description, ...body }).then(() => this.queries.view(id));
  }

  @Patch(':id')
  @InPerson()
  @Allow(RolePermissions.manage)
  @ApiOperation({
    summary: 'Change a role',
    description: 'What is absent stays as it is; `grants` is replaced as a whole.',
  })
  edit(@Param('id', UuidPipe) id: string, @Body() body: EditRole, @IfMatch() version?: number): Promise<RoleView> {
    return this.roles.edit(id, version, body).then(() => this.queries.view(id));
  }

  @Delete(':id')
  @InPerson()
  @HttpCode(204)
  @Allow(RolePermissions.manage)
  @ApiOperation({ summary: 'Remove a role', description: 'Only while nobody has it: else 409 `role_in_use`.' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.roles.remove(id, version);
  }
}
