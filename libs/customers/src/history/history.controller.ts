import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiCustomerId } from '../customer-id.js';
import { CustomerPermissions } from '../customer.policy.js';
import { ChangeIdPipe } from './change-id.pipe.js';
import { HistoryEntryView, RestoredFieldsView, RestoreFields, toRestored } from './history.dto.js';
import { HistoryList, HistoryQueries } from './history.queries.js';
import { RestoringService } from './restoring.service.js';

@ApiTags('customers')
@ApiCustomerId()
@Controller('customers/:id/history')
export class HistoryController {
  constructor(
    private readonly history: HistoryQueries,
    private readonly restoring: RestoringService,
  ) {}

  @Get()
  @Allow(CustomerPermissions.read)
  @ApiList(HistoryList, HistoryEntryView)
  @ApiOperation({
    summary: 'Every change of the record',
    description: 'Who, when, by which request, from what to what; the newest first.',
  })
  list(@Param('id', UuidPipe) id: string, @Listed(HistoryList) query: ListQuery): Promise<Page<HistoryEntryView>> {
    return this.history.list(id, query);
  }

  @Post(':changeId/restore')
  @HttpCode(200)
  @Allow(CustomerPermissions.update)
  @ApiParam({
    name: 'changeId',
    description: 'Id of the change, as the history has it.',
    schema: { type: 'integer' },
    example: 1042,
  })
  @ApiOperation({
    summary: 'Set fields to what they were before a change',
    description:
      'By the rules of every other change: an address that somebody else has by now is 409 `email_taken`. Status, level, ' +
      'assignment, referrer and contact points have routes of their own: 422 `not_restorable`, as is what the change did ' +
      'not touch, or what you may not see of it. What has its former value already stands in `unchanged`.',
  })
  restore(
    @Param('id', UuidPipe) id: string,
    @Param('changeId', ChangeIdPipe) changeId: string,
    @Body() { fields }: RestoreFields,
    @IfMatch() version?: number,
  ): Promise<RestoredFieldsView> {
    return this.restoring.restore(id, changeId, fields, version).then(toRestored);
  }
}
