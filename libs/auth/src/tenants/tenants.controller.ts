import { Allow, AllowAuthenticated, currentTenantId, Database, IfMatch } from '@app/platform';
import { Body, Controller, Get, Patch, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Tenant } from './tenant.entity.js';
import { TenantPermissions } from './tenant.policy.js';
import { EditTenant, TenantDocument, TenantView, toTenantView } from './tenants.dto.js';
import { TenantsService } from './tenants.service.js';

@ApiTags('auth')
@Controller('tenants')
export class TenantsController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly db: Database,
  ) {}

  @Get('current')
  @AllowAuthenticated()
  @ApiOperation({ summary: 'My tenant', description: 'The company whose data I work with; nobody sees another.' })
  current(): Promise<TenantView> {
    return this.db.get(Tenant, currentTenantId()).then(toTenantView);
  }

  @Put('current')
  @Allow(TenantPermissions.manage)
  @ApiOperation({ summary: 'Replace the settings of my tenant', description: 'Title, zone and language.' })
  replace(
    @Body() { title, zone = 'UTC', locale = 'en' }: TenantDocument,
    @IfMatch() version?: number,
  ): Promise<TenantView> {
    return this.tenants.settle(version, { title, zone, locale }).then(() => this.current());
  }

  @Patch('current')
  @Allow(TenantPermissions.manage)
  @ApiOperation({ summary: 'Change the settings of my tenant', description: 'What is absent stays as it is.' })
  edit(@Body() body: EditTenant, @IfMatch() version?: number): Promise<TenantView> {
    return this.tenants.settle(version, body).then(() => this.current());
  }
}
