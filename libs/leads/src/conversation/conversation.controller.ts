import { Allow, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LeadPermissions } from '../leads/lead.policy.js';
import { LeadMessageView } from './conversation.dto.js';
import { ConversationQueries, LeadMessageList } from './conversation.queries.js';

@Controller('leads/:id/messages')
@ApiTags('leads')
export class LeadConversationController {
  constructor(private readonly queries: ConversationQueries) {}

  @Get()
  @Allow(LeadPermissions.read)
  @ApiOperation({ summary: 'Read what the person of a lead wrote, newest first' })
  @ApiList(LeadMessageList, LeadMessageView)
  list(@Param('id', UuidPipe) id: string, @Listed(LeadMessageList) query: ListQuery): Promise<Page<LeadMessageView>> {
    return this.queries.of(id, query);
  }
}
