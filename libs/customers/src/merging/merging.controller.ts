import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CustomerPermissions } from '../customer.policy.js';
import { MergeList, MergesQueries } from './merges.queries.js';
import { MergeCustomers, MergeView, toMergeView, toMerging } from './merging.dto.js';
import { MergingService } from './merging.service.js';

@ApiTags('customers')
@Controller('customers/merge')
export class CustomerMergingController {
  constructor(private readonly merging: MergingService) {}

  @Post()
  @Allow(CustomerPermissions.merge)
  @ApiCreatedResponse({ type: MergeView, headers: { Location: { $ref: '#/components/headers/Location' } } })
  @ApiOperation({
    summary: 'Make one customer of two',
    description: `Whatever any context keeps of the loser is the survivor's from then on, in one commit; what either withdrew stays
withdrawn. \`GET /customers/:id\` of the loser answers 301 with \`mergedInto\`. Both must be within reach of \`customers:update\`.
Said again, it answers the merge that stands. 409 \`customer_merged\` names where one of both went already. 422
\`merged_with_itself\`, \`too_many_contact_points\`.`,
  })
  async merge(@Body() body: MergeCustomers, @Res({ passthrough: true }) reply: FastifyReply): Promise<MergeView> {
    const merge = await this.merging.merge(toMerging(body));
    void reply.header('location', `/api/v1/merges/${merge.id}`);
    return toMergeView(merge);
  }
}

@ApiTags('customers')
@Controller('merges')
export class MergesController {
  constructor(
    private readonly merging: MergingService,
    private readonly queries: MergesQueries,
  ) {}

  @Get()
  @Allow(CustomerPermissions.merge)
  @ApiList(MergeList, MergeView)
  @ApiOperation({ summary: 'List merges of customers', description: 'Those of which you may see the survivor.' })
  list(@Listed(MergeList) query: ListQuery): Promise<Page<MergeView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(CustomerPermissions.merge)
  @ApiOperation({ summary: 'One merge of customers' })
  get(@Param('id', UuidPipe) id: string): Promise<MergeView> {
    return this.queries.view(id);
  }

  @Post(':id/undo')
  @HttpCode(200)
  @Allow(CustomerPermissions.merge)
  @ApiOperation({
    summary: 'Make two customers of one again',
    description: `What came with the merge goes back; what came after it stays with the survivor, whose fields go back as far as nobody
changed them since. 409: \`merge_undone\`, \`customer_merged\` where the survivor was merged as well: take that back first.`,
  })
  undo(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<MergeView> {
    return this.merging.undo(id, version).then(toMergeView);
  }
}
