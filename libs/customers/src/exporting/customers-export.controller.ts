import { Allow, ApiExport, exportSpec, Listed, type ListQuery, RecordExports, StepUp } from '@app/platform';
import { Controller, Get, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerList } from '../customers.list.js';
import { CustomersExportable } from './customers.exportable.js';

@ApiTags('customers')
@Controller('customers/export')
export class CustomersExportController {
  constructor(
    private readonly exports: RecordExports,
    private readonly customers: CustomersExportable,
  ) {}

  @Get()
  @StepUp()
  @Allow(CustomerPermissions.export)
  @ApiExport(CustomerList)
  @ApiOperation({
    summary: 'Export customers',
    description: `Those that you may read, by the filters and the order of the list, up to 10,000 of them: 422 \`export_too_large\` points to
\`POST /exports\`. No cell is run as a formula. It is recorded in the audit trail, and needs a second factor or password shown in the
last ten minutes: else 403 \`step_up_required\`.`,
  })
  export(@Listed(exportSpec(CustomerList)) query: ListQuery): Promise<StreamableFile> {
    return this.exports.answer(this.customers, query);
  }
}
