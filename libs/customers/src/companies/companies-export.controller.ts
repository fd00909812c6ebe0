import { Allow, ApiExport, exportSpec, Listed, type ListQuery, RecordExports, StepUp } from '@app/platform';
import { Controller, Get, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CompaniesExportable } from './companies.exportable.js';
import { CompanyList } from './companies.list.js';
import { CompanyPermissions } from './company.policy.js';

@ApiTags('customers')
@Controller('companies/export')
export class CompaniesExportController {
  constructor(
    private readonly exports: RecordExports,
    private readonly companies: CompaniesExportable,
  ) {}

  @Get()
  @StepUp()
  @Allow(CompanyPermissions.export)
  @ApiExport(CompanyList)
  @ApiOperation({
    summary: 'Export companies',
    description: `By the filters and the order of the list, up to 10,000 of them: 422 \`export_too_large\` points to
\`POST /exports\`. No cell is run as a formula. It is recorded in the audit trail, and needs a second factor or password shown in the
last ten minutes: else 403 \`step_up_required\`.`,
  })
  export(@Listed(exportSpec(CompanyList)) query: ListQuery): Promise<StreamableFile> {
    return this.exports.answer(this.companies, query);
  }
}
