import {
  Allow,
  AllowAuthenticated,
  currentTenantId,
  Database,
  IfMatch,
  Limited,
  RawRecords,
  StepUp,
} from '@app/platform';
import { Body, Controller, Get, Patch, Put, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Tenant } from './tenant.entity.js';
import { TenantPermissions } from './tenant.policy.js';
import { EditTenant, TenantDocument, TenantView, toTenantView } from './tenants.dto.js';
import { TenantArchive } from './tenant-archive.service.js';
import { TenantExport } from './tenant-export.service.js';
import { TenantsService } from './tenants.service.js';

@ApiTags('auth')
@Controller('tenants')
export class TenantsController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly db: Database,
    private readonly exports: TenantExport,
    private readonly archives: TenantArchive,
  ) {}

  @Get('current')
  @AllowAuthenticated()
  @ApiOperation({ summary: 'My tenant', description: 'The company whose data I work with; nobody sees another.' })
  current(): Promise<TenantView> {
    return this.db.get(Tenant, currentTenantId()).then(toTenantView);
  }

  @Get('current/export')
  @RawRecords()
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

  @Get('current/export.tar')
  @RawRecords()
  @StepUp()
  @Limited('tenant-export', 5, 3600)
  @Allow(TenantPermissions.export)
  @ApiOperation({
    summary: 'Export everything my tenant has, with its files',
    description:
      'A tar archive: `rows/<table>/<part>.ndjson`, `files/<SHA-256>` (sources of mails, attachments), and at the end `manifest.json` ' +
      'with the number of rows of each table, the SHA-256 of all parts in their order, and the files whose bytes are not what their name says. ' +
      'The rows are those of `/tenants/current/export`, and so is what it needs.',
  })
  @ApiProduces('application/x-tar')
  @ApiOkResponse({ description: 'The archive.', schema: { type: 'string', format: 'binary' } })
  archive(): Promise<StreamableFile> {
    return this.archives.stream().then((pieces) => new StreamableFile(pieces, { type: 'application/x-tar' }));
  }

  @Put('current')
  @Allow(TenantPermissions.manage)
  @ApiOperation({
    summary: 'Replace the settings of my tenant',
    description: 'Title, zone, language; the currency stays where none is named.',
  })
  replace(
    @Body() { title, zone = 'UTC', locale = 'en', currency }: TenantDocument,
    @IfMatch() version?: number,
  ): Promise<TenantView> {
    return this.tenants
      .settle(version, { title, zone, locale, ...(currency && { currency }) })
      .then(() => this.current());
  }

  @Patch('current')
  @Allow(TenantPermissions.manage)
  @ApiOperation({ summary: 'Change the settings of my tenant', description: 'What is absent stays as it is.' })
  edit(@Body() body: EditTenant, @IfMatch() version?: number): Promise<TenantView> {
    return this.tenants.settle(version, body).then(() => this.current());
  }
}
