import { Allow, ApiPage, type Page, UuidPipe } from '@app/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiCustomerId } from '../customer-id.js';
import { CustomerPermissions } from '../customer.policy.js';
import { TimelineEntryView, TimelineQuery } from './timeline.dto.js';
import { TimelineReader } from './timeline.reader.js';

@ApiTags('customers')
@ApiCustomerId()
@Controller('customers/:id/timeline')
export class TimelineController {
  constructor(private readonly timeline: TimelineReader) {}

  @Get()
  @Allow(CustomerPermissions.read)
  @ApiPage(TimelineEntryView)
  @ApiOperation({
    summary: 'Everything that happened with a customer',
    description:
      'One stream of all contexts, each telling only what you may see. By cursor; the newest first unless `order=asc`.',
  })
  read(@Param('id', UuidPipe) id: string, @Query() query: TimelineQuery): Promise<Page<TimelineEntryView>> {
    return this.timeline.page(id, query);
  }
}
