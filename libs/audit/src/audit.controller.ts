import { Allow, ApiList, Limited, Listed, type ListQuery, type Page, RawRecords, StepUp } from '@app/platform';
import { Controller, Get, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { AuditEntryView, toVerificationView, type VerificationView } from './audit.dto.js';
import { AuditPermissions } from './audit.policy.js';
import { AuditList, AuditQueries } from './audit.queries.js';
import { AuditExport } from './export/audit-export.service.js';
import { AuditVerification } from './verification/verification.service.js';

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(
    private readonly queries: AuditQueries,
    private readonly verification: AuditVerification,
    private readonly exports: AuditExport,
  ) {}

  @Get()
  @RawRecords()
  @Allow(AuditPermissions.read)
  @ApiOperation({
    summary: 'Who did what',
    description:
      'Newest first. `entity` and `entityId` give the history of one record, `requestId` all that one request did.',
  })
  @ApiList(AuditList, AuditEntryView)
  list(@Listed(AuditList) query: ListQuery): Promise<Page<AuditEntryView>> {
    return this.queries.list(query);
  }

  @Get('export')
  @RawRecords()
  @StepUp()
  @Limited('audit-export', 10, 3600)
  @Allow(AuditPermissions.export)
  @ApiOperation({
    summary: 'Export the trail with its proof',
    description:
      'NDJSON: a line `head`, a line for each sealed row with the text that was hashed and its link, a line `proof` with the ' +
      'signed head of the chain and the key to check it by. Needs a proof of who you are in the last ten minutes; it is recorded.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ description: 'The whole chain.', schema: { type: 'string', format: 'binary' } })
  export(): Promise<StreamableFile> {
    return this.exports.stream().then((lines) => new StreamableFile(lines, { type: 'application/x-ndjson' }));
  }

  @Get('verify')
  @Limited('audit-verify', 10, 60)
  @Allow(AuditPermissions.verify)
  @ApiOperation({
    summary: 'Check the trail for tampering',
    description:
      'Recomputes the whole hash chain, compares it with the signed checkpoints and names the first bad row.',
  })
  verify(): Promise<VerificationView> {
    return this.verification.verify().then(toVerificationView);
  }
}
