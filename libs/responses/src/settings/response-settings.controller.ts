import { Allow, IfMatch } from '@app/platform';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ResponsePermissions } from '../responses/response.policy.js';
import { type ResponseSettingsView, SetResponseSettingsDto, toSettingsView } from './response-settings.dto.js';
import { ResponseSettingsService } from './response-settings.service.js';

@Controller('response-settings')
@ApiTags('responses')
export class ResponseSettingsController {
  constructor(private readonly settings: ResponseSettingsService) {}

  @Get()
  @Allow(ResponsePermissions.read)
  @ApiOperation({ summary: 'Read how responses are sent' })
  read(): Promise<ResponseSettingsView> {
    return this.settings.current().then(toSettingsView);
  }

  @Put()
  @Allow(ResponsePermissions.configure)
  @ApiOperation({ summary: 'Set how responses are sent' })
  set(@Body() body: SetResponseSettingsDto, @IfMatch() version?: number): Promise<ResponseSettingsView> {
    return this.settings.set(body, version).then(toSettingsView);
  }
}
