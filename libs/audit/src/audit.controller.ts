import { Allow, ApiList, Limited, Listed, type ListQuery, type Page } from '@app/platform';
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditEntryView, toVerificationView, type VerificationView } from './audit.dto.js';
import { AuditPermissions } from './audit.policy.js';
import { AuditList, AuditQueries } from './audit.queries.js';
import { AuditVerification } from './verification/verification.service.js';

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(
    private readonly queries: AuditQueries,
    private readonly verification: AuditVerification,
  ) {}

  @Get()
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
