import { Allow, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { WatcherView } from './watchers.dto.js';
import { WatcherList, WatchersQueries } from './watchers.queries.js';
import { WatchersService } from './watchers.service.js';

@Controller('inquiries/:id/watchers')
@ApiTags('inquiries')
export class WatchersController {
  constructor(
    private readonly watchers: WatchersService,
    private readonly queries: WatchersQueries,
  ) {}

  @Get()
  @Allow(InquiryPermissions.read)
  @ApiOperation({ summary: 'List who watches an inquiry' })
  @ApiList(WatcherList, WatcherView)
  list(@Param('id', UuidPipe) id: string, @Listed(WatcherList) query: ListQuery): Promise<Page<WatcherView>> {
    return this.queries.list(id, query);
  }

  @Put(':userId')
  @HttpCode(204)
  @Allow(InquiryPermissions.read)
  @ApiOperation({
    summary: 'Watch an inquiry, or let somebody else watch it',
    description: `They are told by mail when the customer writes. Whoever is mentioned in a note (\`@clara\`) watches from then
on. Others are added by who may change the inquiry. 422 \`watcher_unknown\`.`,
  })
  watch(@Param('id', UuidPipe) id: string, @Param('userId', UuidPipe) userId: string): Promise<void> {
    return this.watchers.watch(id, userId);
  }

  @Delete(':userId')
  @HttpCode(204)
  @Allow(InquiryPermissions.read)
  @ApiOperation({ summary: 'Watch an inquiry no longer' })
  unwatch(@Param('id', UuidPipe) id: string, @Param('userId', UuidPipe) userId: string): Promise<void> {
    return this.watchers.unwatch(id, userId);
  }
}
