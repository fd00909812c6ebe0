import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LeadPermissions } from '../leads/lead.policy.js';
import { LeadView, toView } from '../leads/leads.dto.js';
import { LeadMergeView, MergeLeadDto } from './merging.dto.js';
import { LeadMergeList, LeadMergesQueries } from './merges.queries.js';
import { MergingService } from './merging.service.js';

@Controller('leads')
@ApiTags('leads')
export class LeadMergingController {
  constructor(
    private readonly merging: MergingService,
    private readonly queries: LeadMergesQueries,
  ) {}

  @Get('merges')
  @Allow(LeadPermissions.merge)
  @ApiOperation({ summary: 'List which leads went on in which, and why' })
  @ApiList(LeadMergeList, LeadMergeView)
  list(@Listed(LeadMergeList) query: ListQuery): Promise<Page<LeadMergeView>> {
    return this.queries.list(query);
  }

  @Post(':id/merge')
  @HttpCode(200)
  @Allow(LeadPermissions.merge)
  @ApiOperation({
    summary: 'Merge a lead into another one',
    description: `It becomes a duplicate. Its notes, files, tags and messages move to the other one, which takes over what it
has not, and how far it has come. Both must be within reach of \`leads:update\`. 409 \`lead_not_live\`; 422 \`merged_with_itself\`.`,
  })
  merge(
    @Param('id', UuidPipe) id: string,
    @Body() { into }: MergeLeadDto,
    @IfMatch() version?: number,
  ): Promise<LeadView> {
    return this.merging.merge(id, into, version).then(toView);
  }

  @Post(':id/unmerge')
  @HttpCode(200)
  @Allow(LeadPermissions.merge)
  @ApiOperation({
    summary: 'Take the merge of a duplicate back',
    description: `It stands by itself again, in the status it had, with what came from it and was not changed since. What came
after the merge stays with the other one. 409 \`lead_not_merged\`, \`lead_not_live\` when the other one was merged on.`,
  })
  unmerge(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<LeadView> {
    return this.merging.unmerge(id, version).then(toView);
  }
}
