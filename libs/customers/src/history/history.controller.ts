import { Allow, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiCustomerId } from '../customer-id.js';
import { CustomerPermissions } from '../customer.policy.js';
import { HistoryEntryView } from './history.dto.js';
import { HistoryList, HistoryQueries } from './history.queries.js';

@ApiTags('customers')
@ApiCustomerId()
@Controller('customers/:id/history')
export class HistoryController {
  constructor(private readonly history: HistoryQueries) {}

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
}
