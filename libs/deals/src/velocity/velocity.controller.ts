import { Allow } from '@app/platform';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DealPermissions } from '../deals/deal.policy.js';
import { VelocityQuery, VelocityView } from './velocity.dto.js';
import { VelocityQueries } from './velocity.queries.js';

@Controller('deals/velocity')
@ApiTags('deals')
export class VelocityController {
  constructor(private readonly queries: VelocityQueries) {}

  @Get()
  @Allow(DealPermissions.read)
  @ApiOperation({
    summary: 'How fast deals go through a pipeline, and how many of them',
    description: `Of what the caller may see: how long the stays that ended in a period were, stage by stage, and what they ended in.
422 \`pipeline_unknown\`.`,
  })
  show(@Query() query: VelocityQuery): Promise<VelocityView> {
    return this.queries.show(query);
  }
}
