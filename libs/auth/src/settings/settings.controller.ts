import { Allow, AllowAuthenticated, IfMatch } from '@app/platform';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { TenantPermissions } from '../tenants/tenant.policy.js';
import { EditSettings, SettingsView, toSettingsView } from './settings.dto.js';
import { type Settings, SettingsService } from './settings.service.js';

const toView = ({ tenant, kept }: Settings): SettingsView => toSettingsView(tenant, kept);

@ApiTags('auth')
@Controller('tenants/current/settings')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get()
  @AllowAuthenticated()
  @ApiOperation({
    summary: 'The settings of my tenant',
    description:
      'Zone, language and currency; how its mails look; and for how many days each kind of record is kept once it is over.',
  })
  current(): Promise<SettingsView> {
    return this.settings.current().then(toView);
  }

  @Patch()
  @Allow(TenantPermissions.manage)
  @ApiOperation({
    summary: 'Change how mails look, and for how long what is over is kept',
    description:
      'What is absent stays. Title, zone, language and currency are those of `PATCH /tenants/current`. 400 `retention_refused` ' +
      'names each kind that nothing deletes, and each number of days out of its bounds.',
  })
  edit(@Body() { branding, retention }: EditSettings, @IfMatch() version?: number): Promise<SettingsView> {
    return this.settings.change(version, { branding, retention }).then(toView);
  }
}
