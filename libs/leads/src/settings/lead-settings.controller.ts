import { Allow, IfMatch } from '@app/platform';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LeadPermissions } from '../leads/lead.policy.js';
import { EditLeadSettingsDto, LeadSettingsView, toSettingsView } from './lead-settings.dto.js';
import { LeadSettingsService } from './lead-settings.service.js';

@Controller('lead-settings')
@ApiTags('leads')
export class LeadSettingsController {
  constructor(private readonly settings: LeadSettingsService) {}

  @Get()
  @Allow(LeadPermissions.manage)
  @ApiOperation({ summary: 'Read which mails become leads, and which leads are merged' })
  show(): Promise<LeadSettingsView> {
    return this.settings.current().then(toSettingsView);
  }

  @Patch()
  @Allow(LeadPermissions.manage)
  @ApiOperation({
    summary: 'Say which mails become leads, and which leads are merged',
    description: `A mail becomes a lead or an inquiry once, by what is said as it is taken: what is changed here changes
nothing that came before. 422 \`mailbox_unknown\`.`,
  })
  edit(@Body() to: EditLeadSettingsDto, @IfMatch() version?: number): Promise<LeadSettingsView> {
    return this.settings.edit(to, version).then(toSettingsView);
  }
}
