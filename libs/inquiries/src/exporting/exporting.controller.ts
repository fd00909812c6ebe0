import { Allow, contentDisposition, StepUp } from '@app/platform';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { ExportInquiriesQuery } from './exporting.dto.js';
import { ExportingService } from './exporting.service.js';

@Controller('inquiries/export.csv')
@ApiTags('inquiries')
export class ExportingController {
  constructor(private readonly exporting: ExportingService) {}

  @Get()
  @Allow(InquiryPermissions.export)
  @StepUp()
  @ApiOperation({
    summary: 'Export one row an inquiry',
    description: `What may be read, with first response, resolution, promises, escalation and satisfaction. No cell is run as a formula. The
export is recorded in the audit trail, and needs a second factor or password shown in the last ten minutes: else 403
\`step_up_required\`.`,
  })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(@Query() { from, until }: ExportInquiriesQuery): Promise<StreamableFile> {
    const period = { ...(from && { from: new Date(from) }), ...(until && { until: new Date(until) }) };
    return new StreamableFile(await this.exporting.export(period), {
      type: 'text/csv; charset=utf-8',
      disposition: contentDisposition('inquiries.csv'),
    });
  }
}
