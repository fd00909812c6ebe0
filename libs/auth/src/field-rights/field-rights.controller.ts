import { Allow, IfMatch, InPerson, UuidPipe } from '@app/platform';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RolePermissions } from '../roles/role.policy.js';
import { FieldCatalogueView, FieldRulesDto, RoleFieldRightsView } from './field-rights.dto.js';
import { FieldRightsService } from './field-rights.service.js';
import { RestrictableFields } from './restrictable-fields.js';

@ApiTags('auth')
@Controller('roles/:id/field-rights')
export class RoleFieldRightsController {
  constructor(private readonly rights: FieldRightsService) {}

  @Get()
  @Allow(RolePermissions.read)
  @ApiOperation({
    summary: 'What a role does not see or write',
    description: 'Fields of records; all others its holders see and write as far as its grants reach.',
  })
  get(@Param('id', UuidPipe) id: string): Promise<RoleFieldRightsView> {
    return this.rights.view(id);
  }

  @Put()
  @InPerson()
  @Allow(RolePermissions.manage)
  @ApiOperation({
    summary: 'Keep fields from a role',
    description:
      'These rules instead of those before, from the next request on of everybody who has the role. With several roles the widest right holds. Nobody opens what is kept from themselves: 403 `exceeds_own_field_rights`.',
  })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() { rules }: FieldRulesDto,
    @IfMatch() version?: number,
  ): Promise<RoleFieldRightsView> {
    return this.rights.replace(id, version, rules);
  }
}

@ApiTags('auth')
@Controller('field-rights')
export class FieldRightsController {
  constructor(private readonly fields: RestrictableFields) {}

  @Get('catalogue')
  @Allow(RolePermissions.read)
  @ApiOperation({
    summary: 'Fields that may be kept from a role',
    description: 'By kind of record. What says which record it is, whose, and where it stands is not among them.',
  })
  catalogue(): FieldCatalogueView {
    return this.fields.catalogue();
  }
}
