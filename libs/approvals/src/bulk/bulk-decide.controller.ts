import { Allow, InPerson } from '@app/platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApprovalPermissions } from '../requests/approval.policy.js';
import { BulkDecideDto, type BulkDecisionAnswer } from './bulk-decide.dto.js';
import { BulkDecideService } from './bulk-decide.service.js';

@ApiTags('approvals')
@Controller('approvals/bulk-decide')
export class BulkDecideController {
  constructor(private readonly bulk: BulkDecideService) {}

  @Post()
  @InPerson()
  @HttpCode(200)
  @Allow(ApprovalPermissions.decide)
  @ApiOperation({
    summary: 'Up to 100 decisions, with a result for each',
    description:
      'Each is made or refused by itself, in order, for the revision that it names: `stale_revision`, `already_decided`, `self_approval` and the others stand with the decision that they refuse.',
  })
  decide(@Body() { decisions }: BulkDecideDto): Promise<BulkDecisionAnswer> {
    return this.bulk.decide(decisions);
  }
}
