import { Allow, ApiExport, exportSpec, Listed, type ListQuery, RecordExports, StepUp } from '@app/platform';
import { Controller, Get, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DealPermissions } from '../deals/deal.policy.js';
import { DealList } from '../deals/deals.list.js';
import { DealsExportable } from './deals.exportable.js';

@ApiTags('deals')
@Controller('deals/export')
export class DealsExportController {
  constructor(
    private readonly exports: RecordExports,
    private readonly deals: DealsExportable,
  ) {}

  @Get()
  @StepUp()
  @Allow(DealPermissions.export)
  @ApiExport({ ...DealList, includes: [] })
  @ApiOperation({
    summary: 'Export deals',
    description: `Those that you may read, by the filters and the order of the list, up to 10,000 of them: 422 \`export_too_large\`
points to \`POST /exports\`. Amounts are in minor units. No cell is run as a formula. It is recorded in the audit trail, and needs a
second factor or password shown in the last ten minutes: else 403 \`step_up_required\`.`,
  })
  export(@Listed(exportSpec({ ...DealList, includes: [] })) query: ListQuery): Promise<StreamableFile> {
    return this.exports.answer(this.deals, query);
  }
}
