import { Allow, AllowAuthenticated, currentTenantId, Database, IfMatch, Limited, StepUp } from '@app/platform';
import { Body, Controller, Get, Patch, Put, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Tenant } from './tenant.entity.js';
import { TenantPermissions } from './tenant.policy.js';
import { EditTenant, TenantDocument, TenantView, toTenantView } from './tenants.dto.js';
import { TenantExport } from './tenant-export.service.js';
import { TenantsService } from './tenants.service.js';

@ApiTags('auth')
@Controller('tenants')
export class TenantsController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly db: Database,
    private readonly exports: TenantExport,
  ) {}

  @Get('current')
  @AllowAuthenticated()
  @ApiOperation({ summary: 'My tenant', description: 'The company whose data I work with; nobody sees another.' })
  current(): Promise<TenantView> {
    return this.db.get(Tenant, currentTenantId()).then(toTenantView);
  }

  @Get('current/export')
  @StepUp()
  @Limited('tenant-export', 5, 3600)
  @Allow(TenantPermissions.export)
  @ApiOperation({
    summary: 'Export everything my tenant has',
    description:
      'NDJSON: every row of every table, then the number of rows of each and the SHA-256 of all lines before. Without what ' +
      'opens anything: passwords, keys, sessions, codes. Needs a proof of who you are in the last ten minutes; it is recorded. ' +
      'A still picture is one of a suspended tenant.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ description: 'The rows.', schema: { type: 'string', format: 'binary' } })
  export(): Promise<StreamableFile> {
    return this.exports.stream().then((lines) => new StreamableFile(lines, { type: 'application/x-ndjson' }));
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
