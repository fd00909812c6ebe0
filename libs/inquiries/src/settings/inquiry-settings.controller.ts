import { Allow, IfMatch } from '@app/platform';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SlaPolicyPermissions } from '../sla/sla.policy.js';
import { EditInquirySettingsDto, InquirySettingsView, toSettingsView } from './inquiry-settings.dto.js';
import { InquirySettingsService } from './inquiry-settings.service.js';

@Controller('inquiry-settings')
@ApiTags('inquiries')
export class InquirySettingsController {
  constructor(private readonly settings: InquirySettingsService) {}

  @Get()
  @Allow(SlaPolicyPermissions.read)
  @ApiOperation({
    summary: 'Read when inquiries close',
    description: 'When resolved ones close by themselves, and for how long a reply re-opens closed ones.',
  })
  show(): Promise<InquirySettingsView> {
    return this.settings.current().then(toSettingsView);
  }

  @Patch()
  @Allow(SlaPolicyPermissions.manage)
  @ApiOperation({
    summary: 'Change when inquiries close and re-open',
    description: 'What is resolved already closes when it was said to.',
  })
  edit(@Body() to: EditInquirySettingsDto, @IfMatch() version?: number): Promise<InquirySettingsView> {
    return this.settings.edit(to, version).then(toSettingsView);
  }
}
